use anyhow::{Context, Result};
use push_notify_manifest::{Manifest, SECTION};
use wit_component::ComponentEncoder;

/// Makes a component of a core module that was built with an SDK.
pub fn encode(module: &[u8]) -> Result<Vec<u8>> {
    ComponentEncoder::default()
        .validate(true)
        .module(module)
        .and_then(|mut encoder| encoder.encode())
        .context(
            "the module does not become a component. When it names an import such as `env` or `__wbindgen_placeholder__`, a \
             dependency expects an operating system or JavaScript, and plugins have neither",
        )
}

/// Puts the manifest at the end of a component, as JSON in a custom section.
pub fn embed(mut component: Vec<u8>, manifest: &Manifest) -> Vec<u8> {
    let mut section = Vec::new();
    unsigned(&mut section, SECTION.len());
    section.extend_from_slice(SECTION.as_bytes());
    section.extend(manifest.to_json());
    // The id of custom sections is 0.
    component.push(0);
    unsigned(&mut component, section.len());
    component.extend(section);
    component
}

/// LEB128, as the binary format writes its lengths.
fn unsigned(bytes: &mut Vec<u8>, mut value: usize) {
    while value > 0x7f {
        bytes.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
}
