use crate::{Failure, bindings::host::push_notify::plugin::types::Settings};
use serde::de::DeserializeOwned;

/// What every call into the plugin starts with: panics go to the engine's log, because the target
/// has no standard error.
pub(crate) fn begin() {
    #[cfg(target_arch = "wasm32")]
    {
        static HOOK: std::sync::Once = std::sync::Once::new();
        HOOK.call_once(|| {
            std::panic::set_hook(Box::new(|panic| {
                crate::log::error(panic.to_string().replace('\n', " "));
            }));
        });
    }
}

/// The plugin's own configuration type, or what is wrong with the settings.
pub(crate) fn config<T: DeserializeOwned>(settings: &Settings) -> Result<T, String> {
    serde_json::from_str(&settings.config).map_err(|problem| format!("settings: {problem}"))
}

pub(crate) fn config_or_failure<T: DeserializeOwned>(settings: &Settings) -> Result<T, Failure> {
    config(settings).map_err(Failure::Misconfigured)
}
