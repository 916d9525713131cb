//! `/api/v1/subjects`.

use super::{Detail, Entry, store};
use crate::{
    app::App,
    auth::CurrentUser,
    http::{
        Answer, ApiError, Listed, Reply,
        extract::{Asked, FromQuery, Id, Query},
    },
    owner,
};
use axum::extract::State;
use push_notify_core::id::{RepoId, SubjectId};
use push_notify_db::{list::Filter, page::Page};

pub struct Listing {
    page: Page,
    filter: Filter,
}

impl FromQuery for Listing {
    fn read(query: &mut Query) -> Self {
        let (from, to) = query.span();
        Self {
            page: query.page(&[("last_event_at", "s.last_at"), ("id", "s.id")]),
            filter: Filter::default()
                .and("s.repo_id = ?", query.id::<RepoId>("repo_id"))
                .and("s.kind = ?", query.text("kind"))
                .and("s.state = ?", query.text("state"))
                .and("s.last_at >= ?", from)
                .and("s.last_at <= ?", to)
                .containing(
                    "(LOWER(s.title) LIKE LOWER(?) ESCAPE '\\' OR LOWER(s.key) LIKE LOWER(?) ESCAPE '\\')",
                    query.text("keyword"),
                ),
        }
    }
}

/// `GET /subjects`, those first that something happened to last.
pub async fn list(
    State(app): State<App>,
    user: CurrentUser,
    Asked(Listing { page, filter }): Asked<Listing>,
) -> Answer<Listed<Entry>> {
    let filter = filter.and(owner::store::SUBJECTS, user.sight(&app).only());
    let (entries, total) = store::list(app.db.read(), &filter, &page).await?;
    Reply::page(entries, &page, total)
}

/// `GET /subjects/{id}`
pub async fn show(State(app): State<App>, Id(id): Id<SubjectId>) -> Answer<Detail> {
    let subject = store::find(app.db.read(), id).await?;
    Reply::data(subject.ok_or_else(ApiError::not_found)?)
}
