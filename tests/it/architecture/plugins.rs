//! The engine learns of Git hosts, channels and models from manifests: it names none of them.

use super::tree::{Source, is_test, sources};
use push_notify_manifest::Manifest;
use push_notify_tests::workspace;
use std::fs;

/// Where one is named all the same, and why.
const EXCEPTIONS: [(&str, &str); 5] = [
    (
        "engine/review/src/language/table.rs",
        "The files of a build server have its name.",
    ),
    (
        "engine/server/src/http/code.rs",
        "The API promises numbers of their own for what is wrong with a target of two channels.",
    ),
    (
        "engine/server/src/target/form.rs",
        "The same numbers: which channel's they are.",
    ),
    (
        "engine/server/src/model/form.rs",
        "The API promises a default for who serves a model.",
    ),
    (
        "engine/server/src/web/openapi/example.rs",
        "The API's document shows examples.",
    ),
];

/// Hosts that other plugins speak for.
const MORE_NAMES: [&str; 3] = ["forgejo", "gogs", "bitbucket"];
/// Ids that are words for something else as well: addresses of people, groups of them, what sources
/// send, and what is of no special kind.
const TOO_COMMON: [&str; 4] = ["email", "generic", "teams", "webhook"];

#[test]
fn no_plugin_is_named_in_the_engine() {
    let ids = official_ids();
    let names = ids.iter().map(String::as_str).chain(MORE_NAMES);
    let names: Vec<&str> = names.filter(|name| !TOO_COMMON.contains(name)).collect();
    let mut found = Vec::new();
    let mut idle: Vec<&str> = EXCEPTIONS.iter().map(|(path, _)| *path).collect();
    for source in sources(&["engine"]) {
        if !source.path.contains("/src/") || is_test(&source.path) {
            continue;
        }
        let code = without_examples(source).to_lowercase();
        let mut named: Vec<&str> = names.clone();
        named.retain(|name| code.contains(name));
        named.extend(event_header(&code));
        if named.is_empty() {
            continue;
        }
        match idle.iter().position(|path| *path == source.path) {
            Some(index) => drop(idle.swap_remove(index)),
            None => found.push(format!("{}: {named:?}", source.path)),
        }
    }
    assert!(found.is_empty(), "say it in a manifest: {found:#?}");
    assert!(idle.is_empty(), "exceptions that name nothing: {idle:#?}");
}

fn official_ids() -> Vec<String> {
    let folders = fs::read_dir(workspace().join("plugins")).expect("plugins");
    let manifests = folders.filter_map(|folder| {
        let text = fs::read_to_string(folder.ok()?.path().join("plugin.toml")).ok()?;
        Some(Manifest::from_toml(&text).expect("a manifest"))
    });
    let ids: Vec<String> = manifests.map(|manifest| manifest.id).collect();
    assert!(ids.len() > 5, "{ids:?}");
    ids
}

/// What the API's document shows as the body of a request decides nothing.
fn without_examples(source: &Source) -> String {
    let mut parts = source.code.split("EXAMPLE: &'static str = r");
    let before = parts.next().unwrap_or_default();
    let after = parts.filter_map(|part| {
        let marks = &part[..part.find('"')?];
        Some(part.split_once(&format!("\"{marks};"))?.1)
    });
    std::iter::once(before).chain(after).collect()
}

/// The name of a header that a Git host names its event by.
fn event_header(code: &str) -> Option<&str> {
    let mut words = code.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '-');
    words.find(|word| word.starts_with("x-") && word.contains("event"))
}
