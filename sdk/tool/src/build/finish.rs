use crate::{component, progress};
use anyhow::{Context, Result};
use push_notify_manifest::{CONTRACT, Manifest};
use sha2::{Digest, Sha256};
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

/// A plugin that was built.
#[derive(Debug)]
pub struct Built {
    pub path: PathBuf,
    pub manifest: Manifest,
    pub size: u64,
    /// Lower-case hex.
    pub sha256: String,
    /// What is odd about it but works.
    pub warnings: Vec<String>,
}

/// Makes a component of a core module, checks it against the manifest, and writes `OUT/<id>.wasm`.
pub fn finish(module: &[u8], mut manifest: Manifest, out: &Path) -> Result<Built> {
    let component = component::encode(module)?;
    let surface = component::read(&component)?;
    // plugin.toml rarely names the contract; the SDK that the plugin was built with knows.
    if let (CONTRACT, Some(contract)) = (manifest.contract.as_str(), surface.contract()) {
        manifest.contract = contract.to_owned();
    }
    let warnings = component::check(&manifest, &surface)?;
    let component = component::embed(component, &manifest);
    fs::create_dir_all(out).with_context(|| format!("cannot create {}", out.display()))?;
    let path = out.join(format!("{}.wasm", manifest.id));
    // Written beside it and renamed, so that an engine that watches the folder never sees half of
    // it.
    let half = out.join(format!(".{}.wasm.{}", manifest.id, std::process::id()));
    fs::write(&half, &component)
        .and_then(|()| fs::rename(&half, &path))
        .with_context(|| format!("cannot write {}", path.display()))?;
    Ok(Built {
        path,
        manifest,
        size: component.len() as u64,
        sha256: hex::encode(Sha256::digest(&component)),
        warnings,
    })
}

/// One line: id, kind, version, size, digest, file.
impl fmt::Display for Built {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Manifest {
            id, kind, version, ..
        } = &self.manifest;
        let (size, path) = (progress::size(self.size), self.path.display());
        write!(
            f,
            "{id}  {kind}  {version}  {size}  sha256:{}  {path}",
            self.sha256
        )
    }
}
