//! What an administrator does to the running pipeline: replay parked events, load the plugins again.

use super::{Answer, ApiError, Reply, Text, auth::Admin, extract::Id};
use crate::{
    app::App,
    config,
    pipeline::{Pipeline, Replayed},
    plugin, run,
};
use axum::{Extension, extract::State};
use serde_json::json;

const REPLAYED: Text = Text::new("事件已重放", "Event replayed");
const RELOADED: Text = Text::new("插件已重新加载", "Plugins loaded again");

/// `POST /api/v1/events/{id}/replay`: a parked delivery is authenticated and normalised as if it came now.
pub async fn replay(_: Admin, Extension(pipeline): Extension<Pipeline>, Id(id): Id) -> Answer {
    let (status, push_ids, reason) = match pipeline.replay(id).await.map_err(ApiError::internal)? {
        Replayed::Accepted { push_ids } => ("processing", push_ids, None),
        Replayed::Discarded { reason } => ("discarded", vec![], Some(reason)),
        Replayed::StillParked { reason } => ("parked", vec![], Some(reason)),
        Replayed::Unknown => return Err(ApiError::not_found()),
        Replayed::NotParked => {
            let message = Text::new("该事件未处于暂存状态", "The event is not parked");
            return Err(ApiError::conflict(message));
        }
    };
    let data = json!({ "event_id": id, "status": status, "push_ids": push_ids, "reason": reason });
    Reply::say(REPLAYED, data)
}

/// `POST /api/v1/plugins/reload`: reads the plugin files and their switches again.
pub async fn reload(
    State(app): State<App>,
    _: Admin,
    Extension(pipeline): Extension<Pipeline>,
) -> Answer {
    let problem = |error: anyhow::Error| {
        let text = format!("{error:#}");
        ApiError::invalid(vec![Text::made(text.clone(), text)])
    };
    let settings = config::load(app.config.file.as_deref()).map_err(problem)?;
    run::reload(&app, &pipeline, &settings)
        .await
        .map_err(problem)?;
    Reply::say(
        RELOADED,
        json!({ "list": plugin::views(&app.host.plugins()) }),
    )
}
