//! From a file to a plugin: what it says of itself first, then its code.

use super::{Body, Entry, Set, Source};
use crate::{
    call::Services,
    config::Quarantine,
    permission::Granted,
    wasm::{Plugin, Runtime},
};
use bytes::Bytes;
use push_notify_manifest::component;
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// A source on its way to be a plugin.
pub(super) struct Candidate {
    pub(super) entry: Entry,
    wasm: Bytes,
    /// SHA-256 of the file without its manifest, in hex.
    pub(super) code: String,
}

impl Candidate {
    pub(super) fn read(source: Source, old: &Set) -> Self {
        let mut candidate = Self {
            entry: Entry {
                name: source.name,
                digest: hex::encode(Sha256::digest(&source.wasm)),
                size: source.wasm.len(),
                grants: source.grants,
                manifest: None,
                body: Body::Disabled,
            },
            wasm: source.wasm,
            code: String::new(),
        };
        let Candidate { entry, wasm, code } = &mut candidate;
        match component::load(wasm) {
            Ok((manifest, surface)) => {
                let mut digest = Sha256::new();
                surface.code(wasm).for_each(|part| digest.update(part));
                *code = hex::encode(digest.finalize());
                entry.manifest = Some(Arc::new(manifest));
            }
            Err(problem) => {
                entry.body = Body::Failed(problem.to_string());
                return candidate;
            }
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

    pub(super) fn failed(source: &Source, why: &str) -> Self {
        Self {
            entry: Entry {
                name: source.name.clone(),
                digest: String::new(),
                size: source.wasm.len(),
                grants: Vec::new(),
                manifest: None,
                body: Body::Failed(why.to_owned()),
            },
            wasm: Bytes::new(),
            code: String::new(),
        }
    }

    /// Blocks while it compiles.
    pub(super) fn compile(
        self,
        runtime: Arc<Runtime>,
        services: Arc<Services>,
        quarantine: &Quarantine,
    ) -> Entry {
        let Self {
            mut entry,
            wasm,
            code,
        } = self;
        let Some(manifest) = entry.manifest.clone() else {
            return entry;
        };
        let loaded = Granted::new(&manifest, &entry.grants).and_then(|granted| {
            Plugin::load(
                runtime, services, quarantine, &manifest, granted, &wasm, &code,
            )
        });
        match loaded {
            Ok(plugin) => entry.body = Body::Active(Arc::new(plugin)),
            Err(problem) => entry.body = Body::Failed(problem.to_string()),
        }
        entry
    }
}
