//! `/api/v1/plugins`.

use super::views;
use crate::{
    app::App,
    http::{Answer, Listed, Reply, extract::Asked},
};
use axum::extract::State;
use push_notify_db::page::Part;
use serde_json::Value;

/// `GET /plugins`: all of them, those that failed to load too.
pub async fn list(State(app): State<App>, Asked(part): Asked<Part>) -> Answer<Listed<Value>> {
    Reply::part(views(&app.host.plugins()), part)
}
