//! `/api/v1/replays`.

use super::{Detail, Entry, KINDS, ReplayState, store};
use crate::{
    app::App,
    auth::CurrentUser,
    http::{
        Answer, ApiError, Listed, Reply,
        extract::{Asked, FromQuery, Id, Query},
    },
    log::operation::AuditEntry,
    owner,
};
use axum::extract::State;
use push_notify_core::{
    i18n::Text,
    id::{EventId, ReplayId},
};
use push_notify_db::{list::Filter, page::Page};

pub struct Listing {
    page: Page,
    filter: Filter,
}

impl FromQuery for Listing {
    fn read(query: &mut Query) -> Self {
        Self {
            page: query.page(&[("created_at", "v.id"), ("id", "v.id")]),
            filter: Filter::default()
                .and("v.kind = ?", query.choice("kind", &KINDS))
                .and("v.state = ?", query.choice("state", ReplayState::NAMES))
                .and("v.event_id = ?", query.id::<EventId>("event_id")),
        }
    }
}

/// `GET /replays`, newest first.
pub async fn list(
    State(app): State<App>,
    user: CurrentUser,
    Asked(Listing { page, filter }): Asked<Listing>,
) -> Answer<Listed<Entry>> {
    let filter = filter.and(owner::store::REPLAYS, user.sight(&app).only());
    let (entries, total) = store::list(app.db.read(), &filter, &page).await?;
    Reply::page(entries, &page, total)
}

/// `GET /replays/{id}`
pub async fn show(State(app): State<App>, Id(id): Id<ReplayId>) -> Answer<Detail> {
    let replay = store::find(app.db.read(), id).await?;
    Reply::data(replay.ok_or_else(ApiError::not_found)?)
}

/// `POST /replays/{id}/cancel`: what it has not come to yet stays a dead letter.
pub async fn cancel(
    State(app): State<App>,
    user: CurrentUser,
    Id(id): Id<ReplayId>,
) -> Answer<Detail> {
    let found = store::find(app.db.read(), id).await?;
    found.ok_or_else(ApiError::not_found)?;
    let mut transaction = app.db.begin().await?;
    if !store::cancel(&mut transaction, id, app.clock.now_us()).await? {
        let message = Text::new("重放任务已结束", "This replay is over");
        return Err(ApiError::conflict(message));
    }
    user.record(
        &app,
        &mut transaction,
        AuditEntry::new("replay.cancel", id, &id.to_string()),
    )
    .await?;
    transaction.commit().await?;
    let replay = store::find(app.db.read(), id).await?;
    let message = Text::new("重放任务已取消", "The replay is cancelled");
    Reply::say(message, replay.ok_or_else(ApiError::not_found)?)
}
