//! The input is a `plugin.toml`, a manifest in JSON, or the file of a plugin.
#![no_main]

use libfuzzer_sys::fuzz_target;
use push_notify_manifest::{Manifest, component};

fuzz_target!(|bytes: &[u8]| {
    let from_toml = std::str::from_utf8(bytes)
        .ok()
        .and_then(|text| Manifest::from_toml(text).ok());
    let from_json = Manifest::from_json(bytes).ok();
    for manifest in from_toml.iter().chain(&from_json) {
        // What is embedded in a component is what the author wrote.
        let again = Manifest::from_json(&manifest.to_json());
        assert_eq!(again.ok().as_ref(), Some(manifest));
    }
    if let Ok((manifest, surface)) = component::load(bytes) {
        let _ = component::check(&manifest, &surface);
    }
});
