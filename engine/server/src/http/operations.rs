//! What an administrator does to the running pipeline: replay parked events, load the plugins again.

use super::{Answer, ApiError, Listed, Reply, Text, auth::CurrentUser, extract::Id};
use crate::{
    app::App,
    config,
    log::operation::Deed,
    pipeline::{Pipeline, Replayed},
    plugin, run,
};
use axum::{Extension, extract::State};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

#[derive(Serialize, JsonSchema)]
pub struct Replay {
    event_id: i64,
    /// processing, discarded or parked.
    status: &'static str,
    push_ids: Vec<i64>,
    reason: Option<String>,
}

const REPLAYED: Text = Text::new("事件已重放", "Event replayed");
const RELOADED: Text = Text::new("插件已重新加载", "Plugins loaded again");

/// `POST /api/v1/events/{id}/replay`: a parked delivery is authenticated and normalised as if it came now.
pub async fn replay(
    State(app): State<App>,
    user: CurrentUser,
    Extension(pipeline): Extension<Pipeline>,
    Id(id): Id,
) -> Answer<Replay> {
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
    let deed = Deed::new("event.replay", id, "").with(status);
    user.did(&app, &mut *app.db.writer().await?, deed).await?;
    let data = Replay {
        event_id: id,
        status,
        push_ids,
        reason,
    };
    Reply::say(REPLAYED, data)
}

/// `POST /api/v1/plugins/reload`: reads the plugin files and their switches again.
pub async fn reload(
    State(app): State<App>,
    user: CurrentUser,
    Extension(pipeline): Extension<Pipeline>,
) -> Answer<Listed<Value>> {
    let problem = |error: anyhow::Error| {
        let text = format!("{error:#}");
        ApiError::invalid(vec![Text::made(text.clone(), text)])
    };
    let settings = config::load(app.config.file.as_deref()).map_err(problem)?;
    run::reload(&app, &pipeline, &settings)
        .await
        .map_err(problem)?;
    let deed = Deed {
        object_id: None,
        ..Deed::new("plugin.reload", 0, "")
    };
    user.did(&app, &mut *app.db.writer().await?, deed).await?;
    let plugins = Listed::whole(plugin::views(&app.host.plugins()));
    Reply::say(RELOADED, plugins)
}
