//! `push-notify-plugin inspect`.

mod describe;
#[cfg(test)]
mod tests;

pub use describe::describe;

use crate::component::{self, Surface};
use anyhow::{Context, Result, bail};
use push_notify_manifest::Manifest;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};

/// A component and what it says of itself.
#[derive(Debug)]
pub struct Plugin {
    pub path: PathBuf,
    pub size: u64,
    /// Lower-case hex.
    pub sha256: String,
    pub manifest: Manifest,
    pub surface: Surface,
    /// Why the engine would refuse it.
    pub problem: Option<String>,
    /// What is odd about it but works.
    pub warnings: Vec<String>,
}

/// Prints what each file is. Fails, after all have been looked at, when one is no plugin or one
/// that the engine would refuse.
pub fn run(files: &[PathBuf], as_json: bool) -> Result<()> {
    let mut objects = Vec::new();
    let mut refused = 0;
    for file in files {
        match read(file) {
            Ok(plugin) => {
                refused += usize::from(plugin.problem.is_some());
                if as_json {
                    objects.push(plugin.to_json());
                } else {
                    println!("{}", describe(&plugin));
                }
            }
            Err(problem) => {
                refused += 1;
                if as_json {
                    objects.push(json!({"file": file, "problem": format!("{problem:#}")}));
                } else {
                    println!("{}: {problem:#}\n", file.display());
                }
            }
        }
    }
    if as_json {
        println!("{}", serde_json::to_string_pretty(&objects)?);
    }
    match refused {
        0 => Ok(()),
        1 => bail!("a file is no plugin that the engine would load"),
        many => bail!("{many} files are no plugins that the engine would load"),
    }
}

/// Reads and checks one file.
pub fn read(path: &Path) -> Result<Plugin> {
    let bytes = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    let surface = component::read(&bytes)?;
    let manifest = surface.manifest().map_err(component::explained)?;
    let (problem, warnings) = match component::check(&manifest, &surface) {
        Ok(warnings) => (None, warnings),
        Err(problem) => (Some(format!("{problem:#}")), Vec::new()),
    };
    Ok(Plugin {
        path: path.to_owned(),
        size: bytes.len() as u64,
        sha256: hex::encode(Sha256::digest(&bytes)),
        problem,
        warnings,
        manifest,
        surface,
    })
}

impl Plugin {
    fn to_json(&self) -> Value {
        json!({
            "file": self.path,
            "size": self.size,
            "sha256": self.sha256,
            "manifest": self.manifest,
            "grants": self.manifest.permissions.asked(),
            "imports": self.surface.imports,
            "exports": self.surface.exports,
            "problem": self.problem,
            "warnings": self.warnings,
        })
    }
}
