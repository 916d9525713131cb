use crate::{
    app::App,
    http::{
        Answer, ApiError, Reply, Text,
        auth::CurrentUser,
        extract::{Asked, FromQuery, Query},
    },
    log::{
        Kind,
        days::{BadRange, MOST_DAYS, days},
        stats::Stats,
        store,
    },
    settings,
};
use axum::extract::State;
use jiff::{civil::Date, tz::TimeZone};

const TOP: u32 = 10;

pub struct StatsQuery {
    kind: Kind,
    first: Option<Date>,
    last: Option<Date>,
    zone: Option<TimeZone>,
}

impl FromQuery for StatsQuery {
    fn read(query: &mut Query) -> Self {
        Self {
            kind: query
                .choice("type", &Kind::NAMES)
                .and_then(Kind::of_name)
                .unwrap_or(Kind::System),
            first: query.date("start_date"),
            last: query.date("end_date"),
            zone: query.zone("timezone"),
        }
    }
}

/// `GET /logs/stats`, in the days of `timezone`, or else of the caller's.
pub async fn stats(
    State(app): State<App>,
    user: CurrentUser,
    Asked(asked): Asked<StatsQuery>,
) -> Answer<Stats> {
    let StatsQuery {
        kind,
        first,
        last,
        zone,
    } = asked;
    let zone = match zone {
        Some(zone) => zone,
        None => settings::timezone_of(&app, user.id).await?,
    };
    let days = days(&zone, first, last, app.clock.now_us()).map_err(refuse)?;
    let counts = store::levels_by_day(&app.db, kind, &days).await?;
    let errors = store::top_errors(app.db.read(), kind, &days, TOP).await?;
    Reply::data(Stats::new(&days, &counts, errors))
}

fn refuse(problem: BadRange) -> ApiError {
    let text = match problem {
        BadRange::Backwards => Text::new(
            "参数end_date不能早于start_date",
            "end_date must not be before start_date",
        ),
        BadRange::OutOfTime => Text::new(
            "参数start_date和end_date必须在1970年之后、9999年之前",
            "start_date and end_date must be after 1970 and before 9999",
        ),
        BadRange::TooLong => Text::made(
            format!("参数start_date到end_date不能超过{MOST_DAYS}天"),
            format!("start_date to end_date must be at most {MOST_DAYS} days"),
        ),
    };
    ApiError::malformed(vec![text])
}
