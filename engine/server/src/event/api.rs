//! `/api/v1/events`.

mod remove;

pub use remove::{remove, remove_many};

use super::{EventState, Untold, store};
use crate::{
    app::App,
    auth::CurrentUser,
    event::Entry,
    http::{
        Answer, ApiError, Listed, Reply,
        extract::{Asked, FromQuery, Id, Query},
    },
    owner, replay,
};
use axum::extract::State;
use push_notify_core::id::{EventId, RepoId};
use push_notify_db::{list::Filter, page::Page};

pub struct Listing {
    page: Page,
    filter: Filter,
}

impl FromQuery for Listing {
    fn read(query: &mut Query) -> Self {
        Self {
            page: query.page(&[("received_at", "e.id"), ("id", "e.id")]),
            filter: Filter::default()
                .and("e.repo_id = ?", query.id::<RepoId>("repo_id"))
                .and("e.kind = ?", query.text("kind"))
                .and("e.state = ?", query.choice("state", EventState::NAMES))
                .and("e.untold = ?", query.choice("untold", Untold::NAMES)),
        }
    }
}

/// `GET /events`, newest first.
pub async fn list(
    State(app): State<App>,
    user: CurrentUser,
    Asked(Listing { page, filter }): Asked<Listing>,
) -> Answer<Listed<Entry>> {
    let filter = filter.and(owner::store::EVENTS, user.sight(&app).only());
    let (entries, total) = store::list(app.db.read(), &filter, &page).await?;
    Reply::page(entries, &page, total)
}

/// `GET /events/{id}`
pub async fn show(State(app): State<App>, Id(id): Id<EventId>) -> Answer {
    let event = store::find(app.db.read(), id)
        .await
        .map_err(ApiError::internal)?
        .ok_or_else(ApiError::not_found)?;
    let replay_ids = replay::store::ids_of_event(app.db.read(), id).await?;
    Reply::data(event.shown(replay_ids).map_err(ApiError::internal)?)
}
