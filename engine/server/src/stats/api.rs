//! `/api/v1/stats/*`.

use super::{
    overview::{Calls, Overview},
    store,
    usage::{Period, Use},
};
use crate::{
    app::App,
    calendar::{self, Day},
    db::tally,
    http::{
        Answer, ApiError, Listed, Reply, Text,
        auth::CurrentUser,
        extract::{Asked, FromQuery, Query},
    },
    push, settings,
    user::Role,
};
use axum::extract::State;
use jiff::{civil::Date, tz::TimeZone};

/// In days.
const LONGEST: i32 = 731;

pub struct Span {
    period: Period,
    zone: Option<TimeZone>,
    first: Option<Date>,
    last: Option<Date>,
}

impl FromQuery for Span {
    fn read(query: &mut Query) -> Self {
        Self {
            period: query
                .choice("period", &Period::NAMES)
                .map_or(Period::Day, Period::named),
            zone: query.zone("timezone"),
            first: query.date("start_date"),
            last: query.date("end_date"),
        }
    }
}

/// `GET /stats/overview`
pub async fn overview(State(app): State<App>, user: CurrentUser) -> Answer<Overview> {
    let counts = store::counts(app.db.read()).await?;
    let zone = settings::timezone_of(&app, user.id).await?;
    let today = calendar::today(&zone, app.clock.now_us()).map_err(ApiError::internal)?;
    let today = calendar::days(&zone, today, today).map_err(ApiError::internal)?;
    let pushed_today = push::store::by_day(&app.db, &today).await?;
    let mut ai_calls = Calls::default();
    for status in ["success", "failed"] {
        let entries = tally::total(app.db.read(), "ai-call", Some(status)).await?;
        ai_calls.add(status, entries);
    }
    Reply::data(Overview {
        repos: counts.repos,
        targets: counts.targets,
        templates: counts.templates,
        models: counts.models,
        prompts: counts.prompts,
        users: (user.role == Role::Admin).then_some(counts.users),
        pushes: push::store::stats_of_all(app.db.read()).await?.into(),
        today: pushed_today.first().copied().unwrap_or_default().into(),
        ai_calls,
    })
}

/// `GET /stats/usage`, oldest first; without dates the last 30 days, 12 weeks or 12 months.
pub async fn usage(
    State(app): State<App>,
    user: CurrentUser,
    Asked(span): Asked<Span>,
) -> Answer<Listed<Use>> {
    let zone = settings::zone_or_own(&app, user.id, span.zone.clone()).await?;
    let days = span.days(&zone, app.clock.now_us())?;
    let pushes = push::store::by_day(&app.db, &days).await?;
    let calls = tally::by_day(&app.db, "ai-call", &days).await?;
    let calls: Vec<Calls> = calls
        .iter()
        .map(|levels| {
            let mut calls = Calls::default();
            for (status, entries) in levels {
                calls.add(status, *entries);
            }
            calls
        })
        .collect();
    Reply::whole(span.period.sums(&days, &pushes, &calls))
}

impl Span {
    /// Whole periods are not filled up: what lies outside the dates is not counted.
    fn days(&self, zone: &TimeZone, now: i64) -> Result<Vec<Day>, ApiError> {
        let today = calendar::today(zone, now).map_err(ApiError::internal)?;
        let last = self.last.unwrap_or(today);
        let first = self.first.unwrap_or_else(|| self.period.usual_start(last));
        let sound = first.year() >= 1970 && last.year() <= 9998;
        if last < first || !sound || (last - first).get_days() >= LONGEST {
            return Err(ApiError::malformed(vec![Text::made(
                format!("参数end_date不能早于start_date，且范围不能超过{LONGEST}天"),
                format!("end_date must not be before start_date, nor {LONGEST} days after it"),
            )]));
        }
        calendar::days(zone, first, last).map_err(ApiError::internal)
    }
}
