//! A plugin's file, as it lies there: read once, neither compiled nor run.

use crate::error::HostError;
use bytes::Bytes;
use push_notify_manifest::{Manifest, component};
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// Cheap to clone.
#[derive(Debug, Clone)]
pub struct PluginFile(Arc<Read>);

#[derive(Debug)]
pub(crate) struct Read {
    pub(crate) wasm: Bytes,
    /// SHA-256 of the file, in hex.
    pub(crate) digest: String,
    pub(crate) sound: Result<Sound, HostError>,
}

/// What a file says that is a plugin.
#[derive(Debug)]
pub(crate) struct Sound {
    pub(crate) manifest: Arc<Manifest>,
    /// SHA-256 of the file without its manifest, in hex.
    pub(crate) code: String,
}

impl PluginFile {
    pub fn read(wasm: impl Into<Bytes>) -> Self {
        let wasm = wasm.into();
        Self(Arc::new(Read {
            digest: hex::encode(Sha256::digest(&wasm)),
            sound: Sound::read(&wasm),
            wasm,
        }))
    }

    /// Why it is none that this engine loads.
    pub fn manifest(&self) -> Result<&Arc<Manifest>, &HostError> {
        self.0.sound.as_ref().map(|sound| &sound.manifest)
    }

    pub(crate) fn get(&self) -> &Read {
        &self.0
    }
}

impl Sound {
    fn read(wasm: &[u8]) -> Result<Self, HostError> {
        let (manifest, surface) = component::load(wasm)?;
        let mut code = Sha256::new();
        surface.code(wasm).for_each(|part| code.update(part));
        Ok(Self {
            manifest: Arc::new(manifest),
            code: hex::encode(code.finalize()),
        })
    }
}
