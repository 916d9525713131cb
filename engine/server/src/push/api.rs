//! `/api/v1/pushes`.

mod batch;
mod delete;

pub use batch::retry_many;
pub use delete::delete_many;

use super::{
    Status,
    stats::{Report, Span},
    store::{self, Wanted},
    types::{Detail, Entry},
};
use crate::{
    app::App,
    auth::CurrentUser,
    event,
    http::{
        Answer, ApiError, Listed, Reply, code,
        extract::{Asked, Dates, FromQuery, Id, Query},
    },
    log::operation::AuditEntry,
    review, settings,
};
use axum::extract::State;
use push_notify_core::{i18n::Text, id::PushId};
use push_notify_db::page::Page;
use schemars::JsonSchema;
use serde::Serialize;

/// Retries of one push, by hand or in a replay.
pub const MOST_RETRIES: i64 = 10;

pub struct Listing {
    page: Page,
    wanted: Wanted,
}

impl FromQuery for Listing {
    fn read(query: &mut Query) -> Self {
        let (from, to) = query.span();
        Self {
            page: query.page(&store::SORTABLE),
            wanted: Wanted {
                repo_id: query.id("repo_id"),
                target_id: query.id("target_id"),
                event_id: query.id("event_id"),
                carried_by: query.id("carried_by"),
                status: query.choice("status", &Status::NAMES).map(Status::of_name),
                from,
                to,
                keyword: query.text("keyword"),
                seen_by: None,
            },
        }
    }
}

#[derive(Serialize, JsonSchema)]
pub struct Retried {
    new_push_id: PushId,
    original_push_id: PushId,
}

/// `GET /pushes`
pub async fn list(
    State(app): State<App>,
    user: CurrentUser,
    Asked(Listing { page, mut wanted }): Asked<Listing>,
) -> Answer<Listed<Entry>> {
    wanted.seen_by = user.sight(&app).only();
    let (pushes, total) = store::list(&app.db, &wanted, &page).await?;
    Reply::page(pushes, &page, total)
}

/// `GET /pushes/{id}`
pub async fn show(State(app): State<App>, Id(id): Id<PushId>) -> Answer<Detail> {
    let push = store::find(app.db.read(), id).await?;
    let push = push.ok_or(&code::PUSH_NOT_FOUND)?;
    let event = event::store::find_form(app.db.read(), push.event_id, push.form_id).await;
    let event = event.map_err(ApiError::internal)?;
    let codeview = review::store::codeview(app.db.read(), push.event_id).await?;
    let attempts = store::attempts(app.db.read(), id).await?;
    let carries = match push.carried_by == Some(id) {
        true => Some(store::count_carried(app.db.read(), id).await?),
        false => None,
    };
    Reply::data(push.detail(event.as_ref(), codeview, attempts, carries))
}

/// `GET /pushes/stats`, in the days of `timezone`, or else of the caller's.
pub async fn stats(
    State(app): State<App>,
    user: CurrentUser,
    Asked(dates): Asked<Dates>,
) -> Answer<Report> {
    let zone = settings::zone_or_own(&app, user.id, dates.zone).await?;
    let span = Span::new(&zone, app.clock.now_us(), dates.first, dates.last)?;
    let counts = store::by_day(&app.db, &span.days, user.sight(&app)).await?;
    Reply::data(span.report(&counts))
}

/// `POST /pushes/{id}/retry`
pub async fn retry(
    State(app): State<App>,
    user: CurrentUser,
    Id(id): Id<PushId>,
) -> Answer<Retried> {
    let new_push_id = retry_one(&app, &user, id).await?;
    app.pushes_due();
    Reply::say(
        Text::new("重试任务已创建", "A retry was created"),
        Retried {
            new_push_id,
            original_push_id: id,
        },
    )
}

/// A new push for what ended without success. Retries of a retry count for the first one.
async fn retry_one(app: &App, user: &CurrentUser, id: PushId) -> Result<PushId, ApiError> {
    let push = store::find(app.db.read(), id).await?;
    let push = push.ok_or(&code::PUSH_NOT_FOUND)?;
    match push.status() {
        Status::Failed => {}
        Status::Success => {
            return Err(ApiError::conflict(Text::new(
                "推送已成功，无需重试",
                "This push was delivered: there is nothing to retry",
            )));
        }
        Status::Pending => {
            return Err(ApiError::conflict(Text::new(
                "推送尚未结束，无法重试",
                "This push has not ended yet",
            )));
        }
    }
    let original = push.retry_of.unwrap_or(id);
    let new_id = app.db.take_id().await?;
    let mut transaction = app.db.begin().await?;
    let retries = store::retries_of(&mut transaction, push.event_id, original).await?;
    if retries.live {
        return Err(ApiError::conflict(Text::new(
            "该推送的重试尚未结束或已成功，无需再次重试",
            "A retry of this push has not ended yet, or was delivered",
        )));
    }
    if retries.count >= MOST_RETRIES {
        return Err((&code::RETRIES_EXHAUSTED).into());
    }
    let now = app.clock.now_us();
    if !store::insert_retry(&mut transaction, new_id, id, original, now).await? {
        return Err((&code::PUSH_NOT_FOUND).into());
    }
    store::supersede(&mut transaction, push.event_id, original, new_id).await?;
    let audit = AuditEntry::new("push.retry", id, &push.commit_msg);
    user.record(app, &mut transaction, audit).await?;
    transaction.commit().await?;
    Ok(new_id)
}
