//! What an administrator does to the running pipeline: load the plugins again.

use crate::{
    app::App,
    auth::CurrentUser,
    http::{Answer, ApiError, Listed, Reply},
    loading,
    log::operation::AuditEntry,
    pipeline::Pipeline,
    plugin,
};
use axum::{Extension, extract::State};
use push_notify_core::{config, i18n::Text};
use serde_json::Value;

const RELOADED: Text = Text::new("插件已重新加载", "Plugins loaded again");
const SOME_FAILED: Text = Text::new(
    "插件已重新加载，但有插件加载失败",
    "Plugins were loaded again, but not all of them could be",
);

/// `POST /api/v1/plugins/reload`: reads the plugin files and their switches again. 422 names those
/// that could not be loaded; the others are.
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
    loading::again(&app, &pipeline, &settings)
        .await
        .map_err(problem)?;
    let audit = AuditEntry {
        action: "plugin.reload",
        object_id: None,
        object_name: "",
        detail: "",
    };
    user.record(&app, &mut *app.db.writer().await?, audit)
        .await?;
    let plugins = app.host.plugins();
    let failures = plugin::failures(&plugins);
    let plugins = Listed::whole(plugin::views(&plugins));
    if !failures.is_empty() {
        return Err(ApiError::invalid(failures)
            .saying(SOME_FAILED)
            .with_data(serde_json::to_value(plugins).unwrap_or_default()));
    }
    Reply::say(RELOADED, plugins)
}
