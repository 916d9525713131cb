use super::{Surface, check, embed, encode, read};
use push_notify_manifest::{Manifest, component};

/// The smallest component: its header.
const COMPONENT: [u8; 8] = [0, b'a', b's', b'm', 0x0d, 0, 1, 0];
const MODULE: [u8; 8] = [0, b'a', b's', b'm', 1, 0, 0, 0];

fn manifest(more: &str) -> Manifest {
    let text = format!("id = \"x\"\nkind = \"channel\"\nversion = \"1.2.3\"\n{more}");
    Manifest::from_toml(&text).unwrap()
}

fn surface(imports: &[&str], exports: &[&str]) -> Surface {
    let name = |name: &&str| format!("push-notify:plugin/{name}@0.1.0");
    let mut surface = Surface::default();
    surface.imports = imports.iter().map(name).collect();
    surface.exports = exports.iter().map(name).collect();
    surface
}

#[test]
fn an_embedded_manifest_is_read_back_and_leaves_the_code_as_it_is() {
    // Long enough for a length of two bytes, with letters of more than one.
    let manifest = manifest(&format!("description = \"{}\"", "说明 ".repeat(100)));
    let whole = embed(COMPONENT.to_vec(), &manifest);
    let surface = read(&whole).unwrap();
    assert_eq!(surface.manifest().unwrap(), manifest);
    assert_eq!(surface.code(&whole).collect::<Vec<_>>().concat(), COMPONENT);
}

#[test]
fn a_component_without_a_manifest_or_with_two_is_refused() {
    let problem = |bytes: &[u8]| read(bytes).unwrap().manifest().unwrap_err().to_string();
    assert!(problem(&COMPONENT).contains("no manifest"));
    let twice = embed(embed(COMPONENT.to_vec(), &manifest("")), &manifest(""));
    assert!(problem(&twice).contains("more than one"));
}

#[test]
fn what_is_no_component_is_refused_with_the_cure() {
    let problem = read(&MODULE).unwrap_err().to_string();
    assert!(
        problem.contains("a core module; build it with `push-notify-plugin build`"),
        "{problem}"
    );
    for bytes in [&b""[..], b"text", &COMPONENT[..5]] {
        assert!(read(bytes).is_err(), "{bytes:?}");
    }
}

#[test]
fn a_module_that_no_sdk_made_exports_nothing() {
    let component = encode(&MODULE).unwrap();
    let refused = check(&manifest(""), &read(&component).unwrap()).unwrap_err();
    let problem = refused.to_string();
    assert!(problem.contains("push_notify_sdk::channel!"), "{problem}");
}

/// Whatever the engine loads, the tool lets through, and the other way round.
#[test]
fn the_tool_refuses_what_the_engine_refuses_and_nothing_else() {
    let asking = "[permissions]\nhttp = [\"example.com\"]";
    let contract = |version: &str| {
        let mut surface = Surface::default();
        surface.exports = vec![format!("push-notify:plugin/channel@{version}")];
        surface
    };
    let foreign = |name: &str| {
        let mut surface = surface(&[], &["channel"]);
        surface.imports.push(name.to_owned());
        surface
    };
    for (more, surface, warnings) in [
        (
            asking,
            surface(&["types", "http", "log"], &["channel"]),
            Some(0),
        ),
        ("", surface(&[], &["channel"]), Some(0)),
        ("", surface(&["http"], &["channel"]), Some(1)),
        ("", surface(&["http", "smtp"], &["channel"]), Some(2)),
        (asking, surface(&["log"], &["channel"]), Some(1)),
        ("", surface(&[], &["channel", "ai"]), Some(1)),
        ("contract = \"0.1.7\"", contract("0.1.7"), Some(0)),
        ("contract = \"0.1.5\"", contract("0.1.7"), Some(1)),
        ("contract = \"0.2.0\"", contract("0.2.0"), None),
        ("", contract("0.2.0"), None),
        ("", surface(&[], &["provider"]), None),
        ("", surface(&[], &[]), None),
        ("", foreign("wasi:cli/environment@0.2.6"), None),
        ("", foreign("push-notify:plugin/files@0.1.0"), None),
        ("", foreign("push-notify:plugin/log@0.2.0"), None),
    ] {
        let manifest = manifest(more);
        let engine = component::check(&manifest, &surface);
        let tool = check(&manifest, &surface);
        assert_eq!(engine.is_ok(), tool.is_ok(), "{more} {surface:?}");
        let found = tool.ok();
        assert_eq!(
            found.as_ref().map(Vec::len),
            warnings,
            "{more} {surface:?} {found:?}"
        );
    }
}

#[test]
fn a_warning_names_the_line_to_add() {
    let warnings = check(&manifest(""), &surface(&["http"], &["channel"])).unwrap();
    let line = "[permissions]\n    http = [\"api.example.com\"]";
    assert!(warnings[0].contains(line), "{warnings:?}");
}

#[test]
fn a_template_that_the_engine_would_leave_out_is_refused_with_its_line() {
    let with = |content: &str| {
        let text = format!("[templates.commit_notify]\ntitle = \"t\"\ncontent = {content:?}");
        check(&manifest(&text), &surface(&[], &["channel"]))
    };
    for sound in [
        "plain",
        "{{.RepoName}}",
        "{{range .Commits}}{{.Id}}{{end}}",
        "{{if .Tag}}a{{else}}b{{end}}",
        "{{join \", \" .ChangedFiles}}",
    ] {
        assert!(with(sound).is_ok(), "{sound}");
    }
    for broken in [
        "{{",
        "{{.RepoName",
        "{{if .Tag}}",
        "{{end}}",
        "{{else}}",
        "{{nothing .Tag}}",
        "{{$x}}",
        "{{template \"x\"}}",
        "{{range}}{{end}}",
    ] {
        let problem = format!("{:#}", with(broken).unwrap_err());
        assert!(
            problem.starts_with("templates.commit_notify: content"),
            "{broken}: {problem}"
        );
    }
}
