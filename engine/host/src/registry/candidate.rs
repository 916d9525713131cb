//! From a file to a plugin: what it says of itself first, then its code.

use super::{Body, Entry, Set, Source};
use crate::{
    call::Services,
    config::Quarantine,
    file::PluginFile,
    permission::Granted,
    wasm::{Plugin, Runtime},
};
use std::sync::Arc;

/// A source on its way to be a plugin.
pub(super) struct Candidate {
    pub(super) entry: Entry,
    file: PluginFile,
}

impl Candidate {
    pub(super) fn new(source: Source, old: &Set) -> Self {
        let read = source.file.get();
        let (manifest, body) = match &read.sound {
            Ok(sound) => (Some(Arc::clone(&sound.manifest)), Body::Disabled),
            Err(problem) => (None, Body::Failed(problem.to_string())),
        };
        let entry = Entry {
            name: source.name,
            digest: read.digest.clone(),
            size: read.wasm.len(),
            grants: source.grants,
            manifest,
            body,
        };
        let mut candidate = Self {
            entry,
            file: source.file,
        };
        let entry = &mut candidate.entry;
        if entry.is_failed() {
            return candidate;
        }
        if !source.enabled.unwrap_or(true) {
            return candidate;
        }
        let before = old
            .entries
            .iter()
            .find(|old| old.is_same_source(entry) && matches!(old.body, Body::Active(_)));
        entry.body = match before.map(|before| before.body.clone()) {
            Some(Body::Active(plugin)) => {
                plugin.reset();
                Body::Active(plugin)
            }
            _ => Body::Loading,
        };
        candidate
    }

    /// SHA-256 of the file without its manifest, in hex, if it is sound.
    pub(super) fn code(&self) -> Option<String> {
        let sound = self.file.get().sound.as_ref().ok()?;
        Some(sound.code.clone())
    }

    /// Blocks while it compiles.
    pub(super) fn compile(
        self,
        runtime: Arc<Runtime>,
        services: Arc<Services>,
        quarantine: &Quarantine,
    ) -> Entry {
        let Self { mut entry, file } = self;
        let read = file.get();
        let Ok(sound) = &read.sound else {
            return entry;
        };
        let manifest = &sound.manifest;
        let loaded = Granted::new(manifest, &entry.grants).and_then(|granted| {
            let (wasm, code) = (read.wasm.clone(), sound.code.clone());
            Plugin::load(runtime, services, quarantine, manifest, granted, wasm, code)
        });
        match loaded {
            Ok(plugin) => entry.body = Body::Active(Arc::new(plugin)),
            Err(problem) => entry.body = Body::Failed(problem.to_string()),
        }
        entry
    }
}
