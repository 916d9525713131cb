//! What an administrator does to the running pipeline: load the plugins again.

use super::{Answer, ApiError, Listed, Reply, Text, auth::CurrentUser};
use crate::{app::App, config, log::operation::Deed, pipeline::Pipeline, plugin, run};
use axum::{Extension, extract::State};
use serde_json::Value;

const RELOADED: Text = Text::new("插件已重新加载", "Plugins loaded again");

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
