//! `/api/v1/stats/*`.

use super::{
    overview::{Calls, Overview},
    store,
    usage::{Period, Usage},
};
use crate::{
    app::App,
    auth::CurrentUser,
    http::{
        Answer, ApiError, Listed, Reply,
        extract::{Asked, Dates, FromQuery, Query},
    },
    log::ai_call,
    push, review, settings,
    user::Role,
};
use axum::extract::State;
use push_notify_core::calendar::{self, Day, Range};
use push_notify_db::tally;

/// In days.
const LONGEST: i32 = 731;

pub struct Asking {
    period: Period,
    dates: Dates,
}

impl FromQuery for Asking {
    fn read(query: &mut Query) -> Self {
        Self {
            period: query
                .choice("period", &Period::NAMES)
                .map_or(Period::Day, Period::named),
            dates: Dates::read(query),
        }
    }
}

/// `GET /stats/overview`
pub async fn overview(State(app): State<App>, user: CurrentUser) -> Answer<Overview> {
    let sight = user.sight(&app);
    let counts = store::counts(app.db.read(), sight).await?;
    let zone = settings::zone_or_own(&app, user.id, None).await?;
    let today = calendar::today(&zone, app.clock.now_us()).map_err(ApiError::internal)?;
    let today = calendar::days(&zone, today, today).map_err(ApiError::internal)?;
    let pushed_today = push::store::by_day(&app.db, &today, sight).await?;
    let pushes = match sight.only() {
        Some(user_id) => push::store::stats_seen(app.db.read(), user_id).await?,
        None => push::store::stats_of_all(app.db.read()).await?,
    };
    Reply::data(Overview {
        repos: counts.repos,
        targets: counts.targets,
        templates: counts.templates,
        models: counts.models,
        prompts: counts.prompts,
        users: (user.role == Role::Admin).then_some(counts.users),
        pushes: pushes.into(),
        today: pushed_today.first().copied().unwrap_or_default().into(),
        ai_calls: store::calls(app.db.read(), sight).await?,
        of_reviews: review::store::figures(app.db.read(), sight).await?,
    })
}

/// `GET /stats/usage`, oldest first, of calls as far as the log has them; without dates the last 30
/// days, 12 weeks or 12 months.
pub async fn usage(
    State(app): State<App>,
    user: CurrentUser,
    Asked(Asking { period, dates }): Asked<Asking>,
) -> Answer<Usage> {
    let zone = settings::zone_or_own(&app, user.id, dates.zone).await?;
    let today = calendar::today(&zone, app.clock.now_us()).map_err(ApiError::internal)?;
    // Whole periods are not filled up: what lies outside the dates is not counted.
    let usual = |last| period.usual_start(last);
    let days = Range::new(dates.first, dates.last, today, LONGEST, usual)?.days(&zone)?;
    let sight = user.sight(&app);
    let pushes = push::store::by_day(&app.db, &days, sight).await?;
    let (calls, tokens) = match sight.only() {
        Some(user_id) => store::calls_seen(app.db.read(), &days, user_id).await?,
        None => all_calls(&app, &days).await?,
    };
    Reply::data(Usage {
        periods: Listed::whole(period.sums(&days, &pushes, &calls, &tokens)),
        models: store::by_model(app.db.read(), &days, sight).await?,
    })
}

/// The calls of each day, and their tokens.
async fn all_calls(app: &App, days: &[Day]) -> Result<(Vec<Calls>, Vec<i64>), sqlx::Error> {
    let calls = tally::by_day(&app.db, "ai-call", days).await?;
    let calls = calls
        .iter()
        .map(|levels| {
            let mut calls = Calls::default();
            for (status, entries) in levels {
                calls.add(status, *entries);
            }
            calls
        })
        .collect();
    let tokens = ai_call::store::tokens_by_day(&app.db, days).await?;
    Ok((calls, tokens))
}
