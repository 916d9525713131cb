use anyhow::{Context, Result, bail};
use push_notify_manifest::{Manifest, SECTION};
use wasmparser::{Encoding, Parser, Payload};

/// What a component shows to whoever loads it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Surface {
    /// As named in the component: `push-notify:plugin/http@0.1.0`.
    pub imports: Vec<String>,
    pub exports: Vec<String>,
    /// What the manifest's section holds.
    pub(super) manifests: Vec<Vec<u8>>,
}

/// Reads a component without running it.
pub fn read(bytes: &[u8]) -> Result<Surface> {
    let mut surface = Surface::default();
    // Components hold modules and components, which have imports and sections of their own.
    let mut depth = 0u32;
    let mut is_component = false;
    for payload in Parser::new(0).parse_all(bytes) {
        match payload.context("not a WebAssembly component")? {
            Payload::Version { encoding, .. } => {
                depth += 1;
                is_component |= depth == 1 && encoding == Encoding::Component;
            }
            Payload::End(_) => depth = depth.saturating_sub(1),
            Payload::ComponentImportSection(section) if depth == 1 => {
                for import in section {
                    surface.imports.push(import?.name.name.to_owned());
                }
            }
            Payload::ComponentExportSection(section) if depth == 1 => {
                for export in section {
                    surface.exports.push(export?.name.name.to_owned());
                }
            }
            Payload::CustomSection(section) if depth == 1 && section.name() == SECTION => {
                surface.manifests.push(section.data().to_owned());
            }
            _ => {}
        }
    }
    if !is_component {
        bail!(
            "this is a WebAssembly module, not a component: build it with `push-notify-plugin build`"
        );
    }
    Ok(surface)
}

impl Surface {
    /// The manifest that the build tool embedded.
    pub fn manifest(&self) -> Result<Manifest> {
        match self.manifests.as_slice() {
            [json] => Ok(Manifest::from_json(json)?),
            [] => bail!("the component has no manifest: build it with `push-notify-plugin build`"),
            _ => bail!("the component has more than one manifest"),
        }
    }

    /// The version of the contract that it is built for, by what it exports.
    pub fn contract(&self) -> Option<&str> {
        self.exports
            .iter()
            .find_map(|export| Some(interface(export)?.1))
    }

    /// Names within the contract's package of what is imported, without types: `http`, `log`.
    pub fn functions(&self) -> Vec<&str> {
        let names = self.imports.iter().filter_map(|import| interface(import));
        names
            .map(|(name, _)| name)
            .filter(|name| !name.ends_with("types"))
            .collect()
    }
}

/// `push-notify:plugin/http@0.1.0` is `http` of version `0.1.0`.
pub(super) fn interface(name: &str) -> Option<(&str, &str)> {
    name.strip_prefix("push-notify:plugin/")?.split_once('@')
}
