//! A plugin's file, read without running it, and whether the engine loads it. The engine and the
//! build tool ask here, both: what the one builds the other takes.

#[cfg(test)]
mod tests;

use crate::{CONTRACT, Capability, Error, Kind, Manifest, SECTION};
use std::{collections::BTreeSet, ops::Range};
use wasmparser::{BinaryReaderError, CustomSectionReader, Encoding, Parser, Payload};

/// Larger than any language's runtime that we know of (Python's has 18 MB).
const LARGEST: usize = 128 << 20;

/// The interfaces of `push-notify:plugin` that a plugin may import.
const INTERFACES: [&str; 11] = [
    "types",
    "provider-types",
    "channel-types",
    "ai-types",
    "http",
    "smtp",
    "crypto",
    "cache",
    "clock",
    "random",
    "log",
];
const KINDS: [Kind; 3] = [Kind::Provider, Kind::Channel, Kind::Ai];

/// What a component shows to whoever loads it. Names are as the component has them:
/// `push-notify:plugin/http@0.1.0`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Surface {
    pub imports: Vec<String>,
    pub exports: Vec<String>,
    /// What the manifest's sections hold, and where in the file they are as a whole.
    manifests: Vec<(Vec<u8>, Range<usize>)>,
}

/// Why the engine does not load a plugin.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    #[error("not a WebAssembly component: {0}")]
    NotAComponent(String),
    #[error("no manifest inside: build it with `push-notify-plugin build`")]
    NoManifest,
    #[error("more than one manifest inside")]
    Manifests,
    #[error(transparent)]
    Manifest(#[from] Error),
    #[error("built for contract {0}; this engine speaks {line}", line = line(CONTRACT).unwrap_or(CONTRACT))]
    Contract(String),
    /// All of them, sorted.
    #[error("imports what the contract does not have: {}", .0.join(", "))]
    Imports(Vec<String>),
    /// And what it exports instead.
    #[error("does not export push-notify:plugin/{kind}, as a plugin of this kind must{}", instead(*.kind, .exported))]
    Export { kind: Kind, exported: Vec<Kind> },
    #[error(
        "the manifest names the capability `{0}`, and the component does not export push-notify:plugin/{interface}: is it in lib.rs, as in `push_notify_sdk::{1}!(YourType: {0})`?",
        interface = .0.interface().unwrap_or_default()
    )]
    Missing(Capability, Kind),
    #[error(
        "exports push-notify:plugin/{interface}, and the manifest does not say so: add `capabilities = [\"{0}\"]` to plugin.toml",
        interface = .0.interface().unwrap_or_default()
    )]
    Undeclared(Capability),
}

/// Reads a whole plugin and checks it.
pub fn load(wasm: &[u8]) -> Result<(Manifest, Surface), Refusal> {
    let surface = Surface::read(wasm)?;
    let manifest = surface.manifest()?;
    check(&manifest, &surface)?;
    Ok((manifest, surface))
}

/// Whether a component and its manifest are of the contract.
pub fn check(manifest: &Manifest, surface: &Surface) -> Result<(), Refusal> {
    if !is_ours(&manifest.contract) {
        return Err(Refusal::Contract(manifest.contract.clone()));
    }
    let is_offered =
        |import: &str| interface(import).is_some_and(|name| INTERFACES.contains(&name));
    let foreign: BTreeSet<&String> = surface
        .imports
        .iter()
        .filter(|import| !is_offered(import))
        .collect();
    if !foreign.is_empty() {
        return Err(Refusal::Imports(foreign.into_iter().cloned().collect()));
    }
    let exported: Vec<Kind> = surface.kinds().collect();
    if !exported.contains(&manifest.kind) {
        return Err(Refusal::Export {
            kind: manifest.kind,
            exported,
        });
    }
    for capability in Capability::ALL {
        let Some(interface) = capability.interface() else {
            continue;
        };
        match (
            manifest.capabilities.contains(&capability),
            surface.exports_ours(interface),
        ) {
            (true, false) => return Err(Refusal::Missing(capability, manifest.kind)),
            (false, true) => return Err(Refusal::Undeclared(capability)),
            _ => {}
        }
    }
    Ok(())
}

impl Surface {
    pub fn read(wasm: &[u8]) -> Result<Self, Refusal> {
        let broken =
            |problem: BinaryReaderError| Refusal::NotAComponent(problem.message().to_owned());
        if wasm.len() > LARGEST {
            let problem = format!("it is larger than {} MiB", LARGEST >> 20);
            return Err(Refusal::NotAComponent(problem));
        }
        let mut surface = Self::default();
        // Only the outermost component counts: what is inside it is its own affair.
        let mut depth = 0_usize;
        for payload in Parser::new(0).parse_all(wasm) {
            match payload.map_err(broken)? {
                Payload::Version { encoding, .. }
                    if depth == 0 && encoding != Encoding::Component =>
                {
                    let problem =
                        "it is a core module; build it with `push-notify-plugin build`".to_owned();
                    return Err(Refusal::NotAComponent(problem));
                }
                Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => depth += 1,
                Payload::End(_) => depth = depth.saturating_sub(1),
                Payload::CustomSection(section) if depth == 0 && section.name() == SECTION => {
                    let whole = whole(wasm, &section);
                    surface.manifests.push((section.data().to_owned(), whole));
                }
                Payload::ComponentImportSection(section) if depth == 0 => {
                    for import in section {
                        let name = import.map_err(broken)?.name.name;
                        surface.imports.push(name.to_owned());
                    }
                }
                Payload::ComponentExportSection(section) if depth == 0 => {
                    for export in section {
                        let name = export.map_err(broken)?.name.name;
                        surface.exports.push(name.to_owned());
                    }
                }
                _ => {}
            }
        }
        Ok(surface)
    }

    /// The manifest that the build tool embedded.
    pub fn manifest(&self) -> Result<Manifest, Refusal> {
        match self.manifests.as_slice() {
            [(json, _)] => Ok(Manifest::from_json(json)?),
            [] => Err(Refusal::NoManifest),
            _ => Err(Refusal::Manifests),
        }
    }

    /// The version of the contract that it is built for, by what it exports.
    pub fn contract(&self) -> Option<&str> {
        let versions = self.exports.iter().filter_map(|export| parts(export));
        versions.map(|(_, version)| version).next()
    }

    fn exports_ours(&self, name: &str) -> bool {
        let names = self.exports.iter().filter_map(|export| interface(export));
        names.into_iter().any(|exported| exported == name)
    }

    /// What kinds of plugin it can serve as.
    pub fn kinds(&self) -> impl Iterator<Item = Kind> + '_ {
        let names = self.exports.iter().filter_map(|export| interface(export));
        names.filter_map(|name| KINDS.into_iter().find(|kind| kind.name() == name))
    }

    /// Names within the contract's package of what is imported, without types: `http`, `log`.
    pub fn functions(&self) -> Vec<&str> {
        let names = self.imports.iter().filter_map(|import| parts(import));
        names
            .map(|(name, _)| name)
            .filter(|name| !name.ends_with("types"))
            .collect()
    }

    /// The parts of the file `wasm` that are code: all but the manifest, which changes more often.
    pub fn code<'a>(&'a self, wasm: &'a [u8]) -> impl Iterator<Item = &'a [u8]> {
        let ends = self.manifests.iter().map(|(_, whole)| whole.start);
        let starts = self.manifests.iter().map(|(_, whole)| whole.end);
        std::iter::once(0)
            .chain(starts)
            .zip(ends.chain([wasm.len()]))
            .filter_map(|(start, end)| wasm.get(start..end))
    }
}

/// With its id, which is one byte, and its length (LEB128), which come before its content.
fn whole(wasm: &[u8], section: &CustomSectionReader<'_>) -> Range<usize> {
    let content = section.range();
    let mut start = content.start.saturating_sub(1);
    while start > 0 && wasm.get(start - 1).is_some_and(|byte| byte & 0x80 != 0) {
        start -= 1;
    }
    start.saturating_sub(1)..content.end
}

/// `http` and `0.1.0` of `push-notify:plugin/http@0.1.0`.
fn parts(name: &str) -> Option<(&str, &str)> {
    name.strip_prefix("push-notify:plugin/")?.split_once('@')
}

/// `http` of `push-notify:plugin/http@0.1.0`.
fn interface(name: &str) -> Option<&str> {
    let (interface, version) = parts(name)?;
    is_ours(version).then_some(interface)
}

/// Versions that differ in the third number work with each other.
fn is_ours(version: &str) -> bool {
    let patch = |version| {
        let (line, patch): (&str, &str) = str::rsplit_once(version, '.')?;
        (!patch.is_empty() && patch.bytes().all(|b| b.is_ascii_digit())).then_some(line)
    };
    patch(version).is_some() && patch(version) == line(CONTRACT)
}

/// The compatible versions that a version belongs to: `0.1` of `0.1.3`.
fn line(version: &str) -> Option<&str> {
    version.rsplit_once('.').map(|(line, _)| line)
}

fn instead(wanted: Kind, exported: &[Kind]) -> String {
    match exported {
        [] => format!(": has lib.rs the line `push_notify_sdk::{wanted}!(YourType);`?"),
        [other, ..] => {
            format!(", but exports {other}: change `kind` in plugin.toml or the macro line")
        }
    }
}
