//! Where plugins come from: the binary itself and `plugins.dir`; and what the configuration says of each.

use crate::config::Plugins;
use anyhow::Context as _;
use bytes::Bytes;
use push_notify_host::{Host, Source};
use std::{fs, path::Path};

/// The official plugins, by the name of their file.
const EMBEDDED: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/embedded.rs"));

/// Everything that can be loaded, with what its switches say. A plugin in `plugins.dir` replaces an embedded one with the same id; it has to
/// be named in the configuration to be enabled.
pub fn sources(settings: &Plugins) -> anyhow::Result<Vec<Source>> {
    let embedded = EMBEDDED
        .iter()
        .map(|(name, wasm)| (format!("built-in {name}"), Bytes::from_static(wasm)));
    let mut found: Vec<(String, Bytes)> = embedded.collect();
    if !settings.dir.is_empty() {
        found.extend(files(Path::new(&settings.dir))?);
    }
    Ok(found
        .into_iter()
        .map(|(name, wasm)| source(settings, name, wasm))
        .collect())
}

fn files(dir: &Path) -> anyhow::Result<Vec<(String, Bytes)>> {
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
            Ok((path.display().to_string(), wasm.into()))
        })
        .collect()
}

fn source(settings: &Plugins, name: String, wasm: Bytes) -> Source {
    let id = Host::read_manifest(&wasm).map(|manifest| manifest.id);
    let switch = id.ok().and_then(|id| settings.each.get(&id));
    Source {
        name,
        wasm,
        // Nobody runs a plugin by dropping a file somewhere.
        enabled: Some(switch.is_some_and(|switch| switch.enabled)),
        grants: switch
            .map(|switch| switch.grants.clone())
            .unwrap_or_default(),
    }
}
