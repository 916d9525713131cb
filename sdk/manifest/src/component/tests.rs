use super::{Refusal, Surface, check, interface, is_ours, load};
use crate::{Kind, Manifest};

/// The smallest component: its header.
const COMPONENT: [u8; 8] = [0, b'a', b's', b'm', 0x0d, 0, 1, 0];
const MODULE: [u8; 8] = [0, b'a', b's', b'm', 1, 0, 0, 0];

fn manifest(more: &str) -> Manifest {
    let text = format!("id = \"x\"\nkind = \"channel\"\nversion = \"1.2.3\"\n{more}");
    Manifest::from_toml(&text).unwrap()
}

fn surface(imports: &[&str], exports: &[&str]) -> Surface {
    let name = |name: &&str| format!("push-notify:plugin/{name}@0.1.0");
    Surface {
        imports: imports.iter().map(name).collect(),
        exports: exports.iter().map(name).collect(),
        ..Surface::default()
    }
}

/// A custom section, its length written in `width` bytes.
fn section(name: &str, data: &[u8], width: usize) -> Vec<u8> {
    let mut content = vec![name.len() as u8];
    content.extend(name.as_bytes());
    content.extend(data);
    let mut bytes = vec![0];
    for place in 0..width {
        let low = (content.len() >> (7 * place)) as u8 & 0x7f;
        bytes.push(low | if place + 1 < width { 0x80 } else { 0 });
    }
    bytes.extend(content);
    bytes
}

fn with_manifest(more: &str, width: usize) -> Vec<u8> {
    let json = manifest(more).to_json();
    let mut wasm = COMPONENT.to_vec();
    wasm.extend(section("other", b"before", 1));
    wasm.extend(section(crate::SECTION, &json, width));
    wasm.extend(section("other", b"after", 2));
    wasm
}

#[test]
fn versions_that_differ_in_the_third_number_are_the_same_contract() {
    for version in ["0.1.0", "0.1.17"] {
        assert!(is_ours(version), "{version}");
    }
    for version in ["0.2.0", "1.1.0", "0.1.", "0.1", "0.1.0-rc1", "0.10.0", ""] {
        assert!(!is_ours(version), "{version}");
    }
    assert_eq!(interface("push-notify:plugin/http@0.1.3"), Some("http"));
    assert_eq!(interface("push-notify:plugin/http@0.2.0"), None);
    assert_eq!(interface("push-notify:plugin/http"), None);
    assert_eq!(interface("wasi:http/types@0.2.0"), None);
}

#[test]
fn what_is_no_component_is_refused_without_a_panic() {
    for wasm in [&b""[..], b"text", &COMPONENT[..7], &MODULE, &[0xff; 64]] {
        let refusal = Surface::read(wasm).unwrap_err();
        assert!(matches!(refusal, Refusal::NotAComponent(_)), "{wasm:?}");
    }
    assert!(matches!(load(&COMPONENT), Err(Refusal::NoManifest)));
    let mut twice = with_manifest("", 3);
    twice.extend(section(crate::SECTION, &manifest("").to_json(), 2));
    assert!(matches!(load(&twice), Err(Refusal::Manifests)));
}

#[test]
fn code_is_all_but_the_manifest_however_its_length_is_written() {
    let code = |wasm: &[u8]| {
        Surface::read(wasm)
            .unwrap()
            .code(wasm)
            .collect::<Vec<_>>()
            .concat()
    };
    let mut bare = COMPONENT.to_vec();
    bare.extend(section("other", b"before", 1));
    bare.extend(section("other", b"after", 2));
    assert_eq!(code(&bare), bare);
    for width in 2..=5 {
        for more in ["", "description = \"说明\"", "[limits]\nmemory_mib = 8"] {
            let wasm = with_manifest(more, width);
            assert_eq!(code(&wasm), bare, "{more} {width}");
        }
    }
}

#[test]
fn an_agreeing_component_is_taken_and_what_it_does_not_need_is_no_fault() {
    let asking = manifest("[permissions]\nhttp = [\"example.com\"]");
    let using = surface(&["types", "http", "log"], &["channel"]);
    check(&asking, &using).unwrap();
    // What it imports and may not use is refused when it is called.
    check(&manifest(""), &using).unwrap();
    check(&asking, &surface(&["log"], &["channel"])).unwrap();
    check(&manifest(""), &surface(&[], &["provider", "channel"])).unwrap();
    check(&manifest("contract = \"0.1.7\""), &using).unwrap();
}

#[test]
fn what_the_contract_does_not_have_is_refused_by_name() {
    for stranger in [
        "wasi:cli/environment@0.2.6",
        "push-notify:plugin/files@0.1.0",
        "push-notify:plugin/log@0.2.0",
        "push-notify:plugin/log",
        "log",
    ] {
        let mut surface = surface(&["log"], &["channel"]);
        surface.imports.push(stranger.to_owned());
        let problem = check(&manifest(""), &surface).unwrap_err().to_string();
        assert!(problem.ends_with(&format!(": {stranger}")), "{problem}");
    }
    let other = manifest("contract = \"0.2.0\"");
    let problem = check(&other, &surface(&[], &["channel"])).unwrap_err();
    let text = "built for contract 0.2.0; this engine speaks 0.1";
    assert_eq!(problem.to_string(), text);
}

#[test]
fn another_kind_than_the_manifest_says_is_refused_with_the_line_to_change() {
    let refusal = check(&manifest(""), &surface(&[], &["provider"])).unwrap_err();
    assert!(
        matches!(&refusal, Refusal::Export { kind: Kind::Channel, exported } if exported == &[Kind::Provider])
    );
    let text = refusal.to_string();
    assert!(
        text.contains("push-notify:plugin/channel") && text.contains("exports provider"),
        "{text}"
    );
    let text = check(&manifest(""), &surface(&[], &[]))
        .unwrap_err()
        .to_string();
    assert!(text.contains("push_notify_sdk::channel!"), "{text}");
}
