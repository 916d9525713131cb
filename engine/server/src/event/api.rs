//! `/api/v1/events`.

use super::{STATES, store};
use crate::{
    app::App,
    db::list::Filter,
    http::{
        Answer, ApiError, Reply,
        auth::CurrentUser,
        extract::{Id, Query},
    },
};
use axum::extract::State;

/// `GET /events`, newest first.
pub async fn list(State(app): State<App>, _: CurrentUser, mut query: Query) -> Answer {
    let page = query.page(&[("received_at", "e.id"), ("id", "e.id")]);
    let filter = Filter::default()
        .and("e.repo_id = ?", query.id("repo_id"))
        .and("e.kind = ?", query.text("kind"))
        .and("e.state = ?", query.choice("state", &STATES));
    query.finish()?;
    let (entries, total) = store::list(app.db.read(), &filter, &page).await?;
    Reply::page(entries, &page, total)
}

/// `GET /events/{id}`
pub async fn show(State(app): State<App>, _: CurrentUser, Id(id): Id) -> Answer {
    let event = store::find(app.db.read(), id)
        .await
        .map_err(ApiError::internal)?
        .ok_or_else(ApiError::not_found)?;
    Reply::data(event.shown().map_err(ApiError::internal)?)
}
