//! `/api/v1/pushes`.

use super::{
    Status,
    model::{Detail, Entry},
    store,
};
use crate::{
    app::App,
    db::{Sequence, list::Filter},
    event,
    http::{
        Answer, ApiError, Listed, Reply, Text,
        auth::CurrentUser,
        code,
        extract::{Asked, FromQuery, Id, Query},
        page::Page,
    },
    log::operation::Deed,
};
use axum::extract::State;
use schemars::JsonSchema;
use serde::Serialize;

/// Retries by hand of one push.
const MOST_RETRIES: i64 = 10;

pub struct Listing {
    page: Page,
    filter: Filter,
}

impl FromQuery for Listing {
    fn read(query: &mut Query) -> Self {
        let page = query.page(&[
            ("created_at", "p.id"),
            ("pushed_at", "COALESCE(p.pushed_at, 0)"),
            ("id", "p.id"),
        ]);
        let mut filter = Filter::default()
            .and("p.repo_id = ?", query.id("repo_id"))
            .and("p.target_id = ?", query.id("target_id"))
            .and("p.event_id = ?", query.id("event_id"))
            .and("p.created_at >= ?", query.time("start_time"))
            .and("p.created_at <= ?", query.time("end_time"))
            .containing(
                "(LOWER(p.commit_msg) LIKE LOWER(?) ESCAPE '\\' OR LOWER(r.name) LIKE LOWER(?) ESCAPE '\\'
                    OR LOWER(t.name) LIKE LOWER(?) ESCAPE '\\')",
                query.text("keyword"),
            );
        if let Some(status) = query.choice("status", &Status::NAMES) {
            filter = filter.always(Status::condition(status));
        }
        Self { page, filter }
    }
}

#[derive(Serialize, JsonSchema)]
pub struct Retried {
    new_push_id: i64,
    original_push_id: i64,
}

/// `GET /pushes`
pub async fn list(
    State(app): State<App>,
    Asked(Listing { page, filter }): Asked<Listing>,
) -> Answer<Listed<Entry>> {
    let (pushes, total) = store::list(app.db.read(), &filter, &page).await?;
    Reply::page(pushes, &page, total)
}

/// `GET /pushes/{id}`
pub async fn show(State(app): State<App>, Id(id): Id) -> Answer<Detail> {
    let push = store::find(app.db.read(), id).await?;
    let push = push.ok_or(&code::PUSH_NOT_FOUND)?;
    let event = event::store::find(app.db.read(), push.event_id).await;
    let event = event
        .map_err(ApiError::internal)?
        .and_then(|detail| detail.event);
    let attempts = store::attempts(app.db.read(), id).await?;
    Reply::data(push.detail(event.as_ref(), attempts))
}

/// `POST /pushes/{id}/retry`: a new push for what ended without success. Retries of a retry count for the first one.
pub async fn retry(State(app): State<App>, user: CurrentUser, Id(id): Id) -> Answer<Retried> {
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
    let new_id = app.db.take_ids(Sequence::Pushes, 1).await?;
    let new_id = new_id.first().copied();
    let new_id = new_id.ok_or_else(|| ApiError::internal("no push id was given"))?;
    let mut transaction = app.db.begin().await?;
    let retries = store::count_retries(&mut transaction, push.event_id, original).await?;
    if retries >= MOST_RETRIES {
        return Err((&code::RETRIES_EXHAUSTED).into());
    }
    let now = app.clock.now_us();
    store::insert_retry(&mut transaction, new_id, id, original, now).await?;
    let deed = Deed::new("push.retry", id, &push.commit_msg);
    user.did(&app, &mut transaction, deed).await?;
    transaction.commit().await?;
    app.wake.notify_one();
    Reply::say(
        Text::new("重试任务已创建", "A retry was created"),
        Retried {
            new_push_id: new_id,
            original_push_id: id,
        },
    )
}
