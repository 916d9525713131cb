use super::{Surface, check, embed, encode, read};
use push_notify_manifest::Manifest;

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

fn refusal(manifest: &Manifest, surface: &Surface) -> String {
    check(manifest, surface).unwrap_err().to_string()
}

#[test]
fn an_embedded_manifest_is_read_back() {
    // Long enough for a length of two bytes, with letters of more than one.
    let manifest = manifest(&format!("description = \"{}\"", "说明 ".repeat(100)));
    let component = embed(COMPONENT.to_vec(), &manifest);
    assert_eq!(read(&component).unwrap().manifest().unwrap(), manifest);
}

#[test]
fn a_component_without_a_manifest_or_with_two_is_refused() {
    let problem = read(&COMPONENT)
        .unwrap()
        .manifest()
        .unwrap_err()
        .to_string();
    assert!(problem.contains("no manifest"), "{problem}");
    let twice = embed(embed(COMPONENT.to_vec(), &manifest("")), &manifest(""));
    let problem = read(&twice).unwrap().manifest().unwrap_err().to_string();
    assert!(problem.contains("more than one"), "{problem}");
}

#[test]
fn what_is_no_component_is_refused() {
    let problem = read(&MODULE).unwrap_err().to_string();
    assert!(
        problem.contains("a WebAssembly module, not a component"),
        "{problem}"
    );
    for bytes in [&b""[..], b"text", &COMPONENT[..5]] {
        assert!(read(bytes).is_err(), "{bytes:?}");
    }
}

#[test]
fn a_module_that_no_sdk_made_exports_nothing() {
    let component = encode(&MODULE).unwrap();
    let problem = refusal(&manifest(""), &read(&component).unwrap());
    assert!(problem.contains("push_notify_sdk::channel!"), "{problem}");
}

#[test]
fn an_agreeing_component_passes() {
    let asking = manifest("[permissions]\nhttp = [\"example.com\"]");
    let warnings = check(&asking, &surface(&["types", "http", "log"], &["channel"])).unwrap();
    assert_eq!(warnings, Vec::<String>::new());
}

#[test]
fn another_kind_than_the_manifest_says_is_refused() {
    let problem = refusal(&manifest(""), &surface(&[], &["provider"]));
    assert!(
        problem.contains("kind = \"channel\"") && problem.contains("exports `provider`"),
        "{problem}"
    );
    assert!(check(&manifest(""), &surface(&[], &["channel", "ai"])).is_err());
}

#[test]
fn a_host_call_without_permission_names_the_line_to_add() {
    let problem = refusal(&manifest(""), &surface(&["http"], &["channel"]));
    assert!(problem.contains("[permissions]\n    http = ["), "{problem}");
    let both = refusal(&manifest(""), &surface(&["http", "smtp"], &["channel"]));
    assert!(
        both.contains("smtp = [") && both.contains("http = ["),
        "{both}"
    );
}

#[test]
fn a_permission_that_is_never_used_is_a_warning() {
    let asking = manifest("[permissions]\nsmtp = [\"smtp.example.com\"]");
    let warnings = check(&asking, &surface(&["log"], &["channel"])).unwrap();
    assert!(warnings[0].contains("permissions.smtp"), "{warnings:?}");
}

#[test]
fn an_import_outside_the_contract_is_refused() {
    for stranger in [
        "wasi:cli/environment@0.2.6",
        "push-notify:plugin/files@0.1.0",
        "push-notify:plugin/log@0.2.0",
    ] {
        let mut surface = surface(&[], &["channel"]);
        surface.imports.push(stranger.to_owned());
        let problem = refusal(&manifest(""), &surface);
        assert!(problem.contains(stranger), "{problem}");
    }
}

#[test]
fn a_newer_contract_of_the_same_line_passes_and_another_line_does_not() {
    let built_for = |version: &str| Surface {
        exports: vec![format!("push-notify:plugin/channel@{version}")],
        ..Surface::default()
    };
    assert!(check(&manifest("contract = \"0.1.7\""), &built_for("0.1.7")).is_ok());
    assert!(check(&manifest("contract = \"0.2.0\""), &built_for("0.2.0")).is_err());
    assert!(check(&manifest("contract = \"0.1.5\""), &built_for("0.1.7")).is_err());
}
