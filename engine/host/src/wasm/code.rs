//! The native code of a plugin. Most plugins of an installation are never called: it is mapped when
//! there is a first call.

use super::{bind::Indices, engine::Runtime, instance::State};
use crate::error::HostError;
use bytes::Bytes;
use push_notify_manifest::Manifest;
use std::sync::Arc;
use tokio::{sync::OnceCell, task::spawn_blocking};
use wasmtime::component::InstancePre;

/// A component of more bytes takes more memory than its code, once that is mapped.
const LARGE: usize = 2 << 20;

pub(super) enum Code {
    Mapped(Ready),
    Kept(Arc<Kept>, OnceCell<Ready>),
}

/// Linked: all that an instance is made from.
pub(super) struct Ready {
    pub(super) pre: InstancePre<State>,
    pub(super) indices: Indices,
}

/// Compiled before, and compiled again if the result is gone or damaged.
pub(super) struct Kept {
    runtime: Arc<Runtime>,
    manifest: Manifest,
    wasm: Bytes,
    digest: String,
}

impl Code {
    /// Blocks while it compiles, if that was not done before.
    pub(super) fn new(
        runtime: &Arc<Runtime>,
        manifest: &Manifest,
        wasm: Bytes,
        digest: String,
    ) -> Result<Self, HostError> {
        let may_wait = || wasm.len() <= LARGE && runtime.is_compiled(&digest);
        if !may_wait() {
            let ready = Ready::new(runtime, manifest, &wasm, &digest)?;
            // What cannot be kept on disk would have to be compiled again.
            if !may_wait() {
                return Ok(Self::Mapped(ready));
            }
        }
        let kept = Kept {
            runtime: Arc::clone(runtime),
            manifest: manifest.clone(),
            wasm,
            digest,
        };
        Ok(Self::Kept(Arc::new(kept), OnceCell::new()))
    }

    pub(super) async fn ready(&self) -> wasmtime::Result<&Ready> {
        let (kept, ready) = match self {
            Self::Mapped(ready) => return Ok(ready),
            Self::Kept(kept, ready) => (kept, ready),
        };
        let map = async || {
            let kept = Arc::clone(kept);
            Ok(spawn_blocking(move || kept.map()).await??)
        };
        ready.get_or_try_init(map).await
    }
}

impl Kept {
    fn map(&self) -> Result<Ready, HostError> {
        Ready::new(&self.runtime, &self.manifest, &self.wasm, &self.digest)
    }
}

impl Ready {
    /// Blocks while it compiles, if that was not done before.
    fn new(
        runtime: &Runtime,
        manifest: &Manifest,
        wasm: &[u8],
        digest: &str,
    ) -> Result<Self, HostError> {
        let pre = runtime.prepare(wasm, digest)?;
        let indices = Indices::new(manifest, &pre)
            .map_err(|problem| HostError::Compile(format!("{problem:#}")))?;
        Ok(Self { pre, indices })
    }
}
