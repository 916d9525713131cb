//! What a component says of itself, read without compiling or running it.

#[cfg(test)]
mod tests;

use crate::error::HostError;
use push_notify_manifest::{Manifest, SECTION};
use std::collections::BTreeSet;
use wasmparser::{Encoding, Parser, Payload};

/// Larger than any language's runtime that we know of (Python's has 18 MB).
const LARGEST: usize = 128 << 20;

/// The interfaces of `push-notify:plugin` that a plugin may import.
const INTERFACES: [&str; 11] = [
    "http",
    "smtp",
    "crypto",
    "cache",
    "clock",
    "random",
    "log",
    "types",
    "provider-types",
    "channel-types",
    "ai-types",
];

/// The manifest, once its imports and exports are found to be those of the contract.
pub(crate) fn read(wasm: &[u8]) -> Result<Manifest, HostError> {
    let outline = Outline::read(wasm)?;
    let manifest = Manifest::from_json(outline.manifest.ok_or(HostError::NoManifest)?)?;
    if !is_ours(&manifest.contract) {
        return Err(HostError::Contract(manifest.contract));
    }
    let foreign: Vec<String> = outline
        .imports
        .into_iter()
        .filter(|name| !interface(name).is_some_and(|name| INTERFACES.contains(&name)))
        .map(str::to_owned)
        .collect();
    if !foreign.is_empty() {
        return Err(HostError::Imports(foreign));
    }
    let kind = manifest.kind;
    if !outline
        .exports
        .into_iter()
        .any(|name| interface(name) == Some(kind.name()))
    {
        return Err(HostError::Export(kind));
    }
    Ok(manifest)
}

#[derive(Default)]
struct Outline<'a> {
    manifest: Option<&'a [u8]>,
    imports: BTreeSet<&'a str>,
    exports: Vec<&'a str>,
}

impl<'a> Outline<'a> {
    fn read(wasm: &'a [u8]) -> Result<Self, HostError> {
        let broken = |problem: wasmparser::BinaryReaderError| {
            HostError::NotAComponent(problem.message().to_owned())
        };
        if wasm.len() > LARGEST {
            return Err(HostError::NotAComponent("it is too large".to_owned()));
        }
        let mut outline = Self::default();
        // Only the outermost component counts: what is inside it is its own affair.
        let mut depth = 0_usize;
        for payload in Parser::new(0).parse_all(wasm) {
            match payload.map_err(broken)? {
                Payload::Version { encoding, .. }
                    if depth == 0 && encoding != Encoding::Component =>
                {
                    let problem = "it is a core module".to_owned();
                    return Err(HostError::NotAComponent(problem));
                }
                Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => depth += 1,
                Payload::End(_) => depth = depth.saturating_sub(1),
                Payload::CustomSection(section) if depth == 0 && section.name() == SECTION => {
                    outline.manifest = Some(section.data());
                }
                Payload::ComponentImportSection(section) if depth == 0 => {
                    for import in section {
                        outline.imports.insert(import.map_err(broken)?.name.name);
                    }
                }
                Payload::ComponentExportSection(section) if depth == 0 => {
                    for export in section {
                        outline.exports.push(export.map_err(broken)?.name.name);
                    }
                }
                _ => {}
            }
        }
        Ok(outline)
    }
}

/// `http` of `push-notify:plugin/http@0.1.0`.
fn interface(name: &str) -> Option<&str> {
    let (interface, version) = name.strip_prefix("push-notify:plugin/")?.split_once('@')?;
    is_ours(version).then_some(interface)
}

/// Versions that differ in the third number work with each other.
fn is_ours(version: &str) -> bool {
    version
        .strip_prefix("0.1.")
        .is_some_and(|patch| !patch.is_empty() && patch.bytes().all(|b| b.is_ascii_digit()))
}
