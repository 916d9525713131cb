use super::cargo::{Metadata, metadata};
use super::{Source, artifacts, cargo, run::refuse_twins};
use std::fs;
use std::path::{Path, PathBuf};

const MANIFEST: &str = "id = \"x\"\nkind = \"channel\"\nversion = \"0.1.0\"\n";

fn crate_at(dir: &Path, version: &str, manifest: &str) {
    fs::create_dir_all(dir.join("src")).unwrap();
    fs::write(dir.join("src/lib.rs"), "").unwrap();
    fs::write(dir.join("plugin.toml"), manifest).unwrap();
    let package = format!(
        "[package]\nname = \"channel-x\"\nversion = \"{version}\"\nedition = \"2024\"\n[workspace]\n"
    );
    fs::write(dir.join("Cargo.toml"), package).unwrap();
}

#[test]
fn cargo_says_what_the_crate_is_called_and_where_its_target_folder_is() {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path().canonicalize().unwrap();
    crate_at(&root, "0.1.0", MANIFEST);
    let expected = Metadata {
        package: "channel-x".to_owned(),
        version: "0.1.0".to_owned(),
        target_dir: match std::env::var_os("CARGO_TARGET_DIR") {
            Some(dir) => PathBuf::from(dir),
            None => root.join("target"),
        },
    };
    assert_eq!(metadata(&cargo(), &root).unwrap(), expected);
}

#[test]
fn different_versions_of_crate_and_plugin_are_a_warning() {
    let dir = tempfile::tempdir().unwrap();
    crate_at(dir.path(), "0.1.0", MANIFEST);
    assert_eq!(
        Source::read(dir.path()).unwrap().warnings,
        Vec::<String>::new()
    );
    crate_at(dir.path(), "0.2.0", MANIFEST);
    let warnings = Source::read(dir.path()).unwrap().warnings;
    assert!(
        warnings[0].contains("0.1.0") && warnings[0].contains("0.2.0"),
        "{warnings:?}"
    );
}

#[test]
fn a_folder_that_is_no_plugin_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let problem = |dir: &Path| format!("{:#}", Source::read(dir).unwrap_err());
    assert!(problem(dir.path()).contains("plugin.toml: a plugin has this file"));
    fs::write(dir.path().join("plugin.toml"), MANIFEST).unwrap();
    assert!(problem(dir.path()).contains("Cargo.toml: a plugin is a crate"));
    fs::write(
        dir.path().join("plugin.toml"),
        MANIFEST.replace("\"x\"", "\"X!\""),
    )
    .unwrap();
    assert!(problem(dir.path()).contains("id: `X!` is not an id"));
}

#[test]
fn two_plugins_with_one_id_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    let source = |name: &str, manifest: &str| {
        crate_at(&dir.path().join(name), "0.1.0", manifest);
        Source::read(&dir.path().join(name)).unwrap()
    };
    let twins = [source("one", MANIFEST), source("two", MANIFEST)];
    assert!(
        refuse_twins(&twins)
            .unwrap_err()
            .to_string()
            .contains("same id `x`")
    );
    let others = [
        source("one", MANIFEST),
        source("two", &MANIFEST.replace("\"x\"", "\"y\"")),
    ];
    assert!(refuse_twins(&others).is_ok());
}

#[test]
fn the_root_left_out_of_panic_messages_is_that_of_the_repository() {
    let dir = tempfile::tempdir().unwrap();
    let plugin = dir.path().join("plugins/x");
    crate_at(&plugin, "0.1.0", MANIFEST);
    assert_eq!(Source::read(&plugin).unwrap().root(), plugin);
    fs::create_dir(dir.path().join(".git")).unwrap();
    assert_eq!(Source::read(&plugin).unwrap().root(), dir.path());
}

#[test]
fn artifacts_are_read_from_among_cargos_messages() {
    let messages = concat!(
        "not json\n",
        r#"{"reason":"build-script-executed","package_id":"x"}"#,
        "\n",
        r#"{"reason":"compiler-artifact","target":{"name":"core"},"filenames":["/t/libcore.rlib","/t/libcore.rmeta"]}"#,
        "\n",
        r#"{"reason":"build-finished","success":true}"#,
    );
    let found = artifacts(messages);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].crate_name, "core");
    assert_eq!(
        found[0].files,
        [
            PathBuf::from("/t/libcore.rlib"),
            PathBuf::from("/t/libcore.rmeta")
        ]
    );
}

#[test]
fn a_workspace_stands_for_its_plugins() {
    let dir = tempfile::tempdir().unwrap();
    let member = |name: &str, id: &str| {
        let member = dir.path().join(name);
        crate_at(&member, "0.1.0", &MANIFEST.replace("\"x\"", id));
        let package =
            format!("[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n");
        fs::write(member.join("Cargo.toml"), package).unwrap();
        member
    };
    member("one", "\"a\"");
    member("two", "\"b\"");
    let library = member("library", "\"c\"");
    fs::remove_file(library.join("plugin.toml")).unwrap();
    let workspace = "[workspace]\nresolver = \"3\"\nmembers = [\"one\", \"two\", \"library\"]\n";
    fs::write(dir.path().join("Cargo.toml"), workspace).unwrap();
    let ids: Vec<String> = Source::all(dir.path())
        .unwrap()
        .into_iter()
        .map(|plugin| plugin.manifest.id)
        .collect();
    assert_eq!(ids, ["a", "b"]);
    let problem = Source::all(&library).unwrap_err().to_string();
    assert!(problem.contains("there is no plugin.toml"), "{problem}");
}
