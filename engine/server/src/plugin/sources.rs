//! Where plugins come from: the binary itself and `plugins.dir`; and what the configuration says of
//! each.

use anyhow::Context as _;
use bytes::Bytes;
use push_notify_core::config::Plugins;
use push_notify_host::{PluginFile, Source};
use push_notify_manifest::Manifest;
use std::{
    fs,
    path::Path,
    sync::{Arc, LazyLock},
};

/// The official plugins, by the name of their file.
const EMBEDDED: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/embedded.rs"));

/// They never change, and are read once.
static BUILT_IN: LazyLock<Vec<Found>> = LazyLock::new(|| {
    let all = EMBEDDED.iter();
    all.map(|(name, wasm)| Found {
        name: format!("built-in {name}"),
        file: PluginFile::read(Bytes::from_static(wasm)),
    })
    .collect()
});

/// A plugin, wherever it is.
#[derive(Clone)]
struct Found {
    name: String,
    file: PluginFile,
}

/// What all that can be loaded says of itself, whether it is enabled or not.
pub(super) fn manifests(settings: &Plugins) -> anyhow::Result<Vec<Arc<Manifest>>> {
    let files = match settings.dir.as_str() {
        "" => Vec::new(),
        dir => files(Path::new(dir))?,
    };
    let all = BUILT_IN.iter().chain(&files);
    Ok(all
        .filter_map(|found| found.file.manifest().ok().cloned())
        .collect())
}

/// Everything that can be loaded, with what its switches say. A plugin in `plugins.dir` replaces an
/// embedded one with the same id; it has to be named in the configuration to be enabled.
pub fn sources(settings: &Plugins) -> anyhow::Result<Vec<Source>> {
    let mut found = BUILT_IN.clone();
    if !settings.dir.is_empty() {
        let files = files(Path::new(&settings.dir))?;
        let replaces =
            |file: &&Found| file.id().is_some() && found.iter().any(|own| own.id() == file.id());
        for file in files.iter().filter(replaces) {
            tracing::warn!(
                plugin = file.id(),
                from = file.name,
                "replaces the built-in plugin of this id, and has what that one is granted"
            );
        }
        found.extend(files);
    }
    Ok(found
        .into_iter()
        .map(|found| found.source(settings))
        .collect())
}

fn files(dir: &Path) -> anyhow::Result<Vec<Found>> {
    let what = || format!("configuration: `plugins.dir` = {}", dir.display());
    let mut paths: Vec<_> = fs::read_dir(dir)
        .with_context(what)?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "wasm")
        })
        .collect();
    paths.sort();
    paths
        .into_iter()
        .map(|path| {
            let wasm =
                fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
            Ok(Found {
                name: path.display().to_string(),
                file: PluginFile::read(wasm),
            })
        })
        .collect()
}

impl Found {
    /// None: it has no readable manifest. The host says what is wrong with it.
    fn id(&self) -> Option<&str> {
        Some(&self.file.manifest().ok()?.id)
    }

    fn source(self, settings: &Plugins) -> Source {
        let switch = self.id().and_then(|id| settings.each.get(id));
        Source {
            // Nobody runs a plugin by dropping a file somewhere.
            enabled: Some(switch.is_some_and(|switch| switch.enabled)),
            grants: switch
                .map(|switch| switch.grants.clone())
                .unwrap_or_default(),
            name: self.name,
            file: self.file,
        }
    }
}
