//! Of a source whose deliveries a mapping reads: nobody but the sender knows what they look like.

use crate::pipeline::cache::Route;
use bytes::Bytes;
use push_notify_host::{CallError, Misfit, Provider, Reception, Rejection, Settings, Webhook};

/// A delivery as the sender makes it whose preset the mapping names. None: it names none.
pub(super) async fn sample(provider: &dyn Provider, route: &Route) -> Option<Bytes> {
    let preset = route.settings.config.get("mapping")?.get("preset")?;
    let presets = provider.presets().await.ok()?;
    let preset = presets.into_iter().find(|known| *preset == *known.name)?;
    Some(preset.sample.into_bytes().into())
}

/// What the mapping makes of it. How a sender proves itself is for the repository's settings to
/// say, and is not tried here.
pub(super) async fn received(
    provider: &dyn Provider,
    webhook: Webhook,
    route: &Route,
) -> Result<Result<Reception, Rejection>, CallError> {
    let settings = Settings {
        secrets: Vec::new(),
        ..route.settings.clone()
    };
    let made = provider.preview(webhook, &settings).await?;
    Ok(made
        .map(Reception::Delivery)
        .map_err(|misfit| match misfit {
            Misfit::Ignored(why) => Rejection::Ignored(why),
            Misfit::Faulty(problems) => {
                let told = problems.iter().map(|it| format!("{}: {}", it.field, it.en));
                Rejection::Malformed(told.collect::<Vec<_>>().join("; "))
            }
        }))
}
