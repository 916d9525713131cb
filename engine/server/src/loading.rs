//! Loading plugins: beside the start of the server, and again while it runs.

use crate::{app::App, pipeline::Pipeline, plugin::sources, rotation, template};
use push_notify_core::config::Config;
use push_notify_host::{PluginInfo, PluginState, Source};
use tokio::task::spawn_blocking;

/// The plugins that are built in or lie in `plugins.dir`.
pub fn found(config: &Config) -> anyhow::Result<Vec<Source>> {
    let found = sources(&config.plugins)?;
    if found.is_empty() {
        tracing::warn!(
            "no plugin is built in and `plugins.dir` is empty: nothing can be received or sent"
        );
    }
    Ok(found)
}

/// Compiling large plugins takes its time, and nobody need wait for it to be listened to.
pub async fn first(app: App, pipeline: Pipeline, plugins: Vec<Source>) {
    for plugin in app.host.load(plugins).await {
        report(&plugin);
    }
    app.pulse.has_loaded();
    app.changed();
    pipeline.unpark();
    app.wake.notify_one();
    app.review_wake.notify_one();
    tracing::info!("the plugins are loaded");
}

/// Reads secrets, plugin files and their switches again.
pub async fn again(app: &App, pipeline: &Pipeline, config: &Config) -> anyhow::Result<()> {
    rotation::reload(app, &config.secrets).await?;
    let config = config.clone();
    // Large files take a while to be read and checked, and this server has others to serve.
    let plugins = spawn_blocking(move || found(&config)).await??;
    for plugin in app.host.load(plugins).await {
        report(&plugin);
    }
    let lock = app.db.startup_lock().await?;
    template::ensure_builtin(app).await?;
    if let Some(lock) = lock {
        lock.end().await;
    }
    app.changed();
    pipeline.unpark();
    Ok(())
}

fn report(plugin: &PluginInfo) {
    let id = plugin
        .manifest
        .as_ref()
        .map_or("?", |manifest| manifest.id.as_str());
    match &plugin.state {
        PluginState::Active => tracing::info!(plugin = id, from = plugin.name, "loaded"),
        PluginState::Loading => {}
        PluginState::Disabled => {
            tracing::info!(
                plugin = id,
                from = plugin.name,
                "not enabled (`plugins.{id}.enabled`)"
            );
        }
        PluginState::Quarantined { reason } | PluginState::Failed { reason } => {
            tracing::error!(plugin = id, from = plugin.name, reason, "cannot be used");
        }
    }
}
