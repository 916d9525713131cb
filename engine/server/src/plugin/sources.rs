//! Where plugins come from: the binary itself and `plugins.dir`; and what the configuration says of
//! each.

use anyhow::Context as _;
use bytes::Bytes;
use push_notify_core::config::Plugins;
use push_notify_host::{Host, Source};
use push_notify_manifest::Manifest;
use std::{fs, path::Path};

/// The official plugins, by the name of their file.
const EMBEDDED: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/embedded.rs"));

/// A plugin, wherever it is.
struct Found {
    name: String,
    /// None: it has no readable manifest. The host says what is wrong with it.
    id: Option<String>,
    wasm: Bytes,
}

/// What all that can be loaded says of itself, whether it is enabled or not.
pub(super) fn manifests(settings: &Plugins) -> anyhow::Result<Vec<Manifest>> {
    let files = match settings.dir.as_str() {
        "" => Vec::new(),
        dir => files(Path::new(dir))?,
    };
    let all = embedded().chain(files);
    Ok(all
        .filter_map(|found| Host::read_manifest(&found.wasm).ok())
        .collect())
}

fn embedded() -> impl Iterator<Item = Found> {
    EMBEDDED
        .iter()
        .map(|(name, wasm)| Found::new(format!("built-in {name}"), Bytes::from_static(wasm)))
}

/// Everything that can be loaded, with what its switches say. A plugin in `plugins.dir` replaces an
/// embedded one with the same id; it has to be named in the configuration to be enabled.
pub fn sources(settings: &Plugins) -> anyhow::Result<Vec<Source>> {
    let mut found: Vec<Found> = embedded().collect();
    if !settings.dir.is_empty() {
        let files = files(Path::new(&settings.dir))?;
        let replaces =
            |file: &&Found| file.id.is_some() && found.iter().any(|own| own.id == file.id);
        for file in files.iter().filter(replaces) {
            tracing::warn!(
                plugin = file.id.as_deref(),
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
            Ok(Found::new(path.display().to_string(), wasm.into()))
        })
        .collect()
}

impl Found {
    fn new(name: String, wasm: Bytes) -> Self {
        let id = Host::read_manifest(&wasm).map(|manifest| manifest.id).ok();
        Self { name, id, wasm }
    }

    fn source(self, settings: &Plugins) -> Source {
        let switch = self.id.and_then(|id| settings.each.get(&id));
        Source {
            name: self.name,
            wasm: self.wasm,
            // Nobody runs a plugin by dropping a file somewhere.
            enabled: Some(switch.is_some_and(|switch| switch.enabled)),
            grants: switch
                .map(|switch| switch.grants.clone())
                .unwrap_or_default(),
        }
    }
}
