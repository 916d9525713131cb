use crate::{
    app::App,
    auth::CurrentUser,
    http::{
        Answer, ApiError, Reply,
        extract::{Asked, Dates, FromQuery, Query},
    },
    log::{Kind, stats::Stats, store},
    settings,
};
use axum::extract::State;
use push_notify_core::calendar::{self, Range, seven_days_to};

/// In days.
const LONGEST: i32 = 366;
const TOP: u32 = 10;

pub struct StatsQuery {
    kind: Kind,
    dates: Dates,
}

impl FromQuery for StatsQuery {
    fn read(query: &mut Query) -> Self {
        Self {
            kind: query
                .choice("type", &Kind::NAMES)
                .and_then(Kind::of_name)
                .unwrap_or(Kind::System),
            dates: Dates::read(query),
        }
    }
}

/// `GET /logs/stats`, in the days of `timezone`, or else of the caller's.
pub async fn stats(
    State(app): State<App>,
    user: CurrentUser,
    Asked(asked): Asked<StatsQuery>,
) -> Answer<Stats> {
    let StatsQuery { kind, dates } = asked;
    let zone = settings::zone_or_own(&app, user.id, dates.zone).await?;
    let today = calendar::today(&zone, app.clock.now_us()).map_err(ApiError::internal)?;
    let range = Range::new(dates.first, dates.last, today, LONGEST, seven_days_to)?;
    let days = range.days(&zone)?;
    let counts = store::levels_by_day(&app.db, kind, &days).await?;
    let errors = store::top_errors(app.db.read(), kind, &days, TOP).await?;
    Reply::data(Stats::new(&days, &counts, errors))
}
