//! `/api/v1/plugins`.

use super::views;
use crate::{
    app::App,
    http::{Answer, Reply, auth::CurrentUser},
};
use axum::extract::State;

/// `GET /plugins`: all of them, those that failed to load too.
pub async fn list(State(app): State<App>, _: CurrentUser) -> Answer {
    Reply::whole(&views(&app.host.plugins()))
}
