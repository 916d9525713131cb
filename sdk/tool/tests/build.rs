//! Plugins that are created, compiled and componentised for real, by whatever route this machine
//! offers. They share a target folder that stays, so that only the first run compiles the
//! dependencies.

use push_notify_manifest::Kind;
use push_notify_plugin::cli::BuildOptions;
use push_notify_plugin::{build, inspect, scaffold, test};
use std::fs;
use std::path::{Path, PathBuf};

/// Inside the repository, because all plugins of one share what they compile.
fn folder() -> tempfile::TempDir {
    tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap()
}

fn sdk() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn options(out: &Path) -> BuildOptions {
    BuildOptions {
        out: Some(out.to_owned()),
        target_dir: Some(Path::new(env!("CARGO_TARGET_TMPDIR")).join("plugins")),
        quiet: true,
        ..BuildOptions::default()
    }
}

/// A new plugin crate in `dir`, with the dependencies that the example is locked to.
fn create(dir: &Path, name: &str, kind: Kind) -> PathBuf {
    let created =
        scaffold::create(name, kind, Some(dir.join(name)), Some(&sdk().join("rust"))).unwrap();
    fs::copy(
        sdk().join("examples/webhook/Cargo.lock"),
        created.join("Cargo.lock"),
    )
    .unwrap();
    created
}

fn edit(path: &Path, from: &str, to: &str) {
    let text = fs::read_to_string(path).unwrap();
    assert!(text.contains(from), "{from} is not in {}", path.display());
    fs::write(path, text.replace(from, to)).unwrap();
}

#[test]
fn the_example_channel_is_short_and_builds() {
    let dir = folder();
    let example = sdk().join("examples/webhook");
    let lines = fs::read_to_string(example.join("src/lib.rs"))
        .unwrap()
        .lines()
        .count();
    assert!(lines < 30, "{lines} lines");
    let mut options = options(dir.path());
    options.locked = true;
    let built = build::run(&[example], &options).unwrap();
    assert_eq!(built[0].path, dir.path().join("hook.wasm"));
    assert!(built[0].size < 150_000, "{} bytes", built[0].size);
    let plugin = inspect::read(&built[0].path).unwrap();
    assert_eq!(plugin.problem, None);
    assert_eq!(plugin.sha256, built[0].sha256);
    assert_eq!(plugin.manifest.permissions.asked(), ["http:${config.url}"]);
    assert!(plugin.surface.functions().contains(&"http"));
}

#[test]
fn the_readme_shows_the_example_as_it_is() {
    let readme = fs::read_to_string(sdk().join("README.md")).unwrap();
    let code = fs::read_to_string(sdk().join("examples/webhook/src/lib.rs")).unwrap();
    assert!(readme.contains(&code));
}

#[test]
fn no_folder_of_the_building_machine_shows_in_a_plugin() {
    let dir = folder();
    let built = build::run(&[sdk().join("examples/webhook")], &options(dir.path())).unwrap();
    let bytes = fs::read(&built[0].path).unwrap();
    let root = sdk().canonicalize().unwrap();
    let root = root.to_str().unwrap().as_bytes();
    assert!(!bytes.windows(root.len()).any(|part| part == root));
}

#[test]
fn a_new_plugin_of_each_kind_passes_its_tests_and_builds() {
    let dir = folder();
    let out = dir.path().join("out");
    for kind in [Kind::Channel, Kind::Provider, Kind::Ai] {
        let id = format!("new{kind}");
        let created = create(dir.path(), &id, kind);
        test::run(&created, &options(&out)).unwrap();
        let plugin = inspect::read(&out.join(format!("{id}.wasm"))).unwrap();
        assert_eq!((plugin.manifest.kind, plugin.problem), (kind, None));
    }
}

#[test]
fn a_plugin_that_disagrees_with_its_manifest_is_refused_and_not_written() {
    let dir = folder();
    let out = dir.path().join("out");
    let created = create(dir.path(), "newchannel", Kind::Channel);
    let manifest = created.join("plugin.toml");
    let refusal = || {
        format!(
            "{:#}",
            build::run(std::slice::from_ref(&created), &options(&out)).unwrap_err()
        )
    };

    edit(&manifest, "kind = \"channel\"", "kind = \"provider\"");
    let told = refusal();
    assert!(told.contains("exports channel: change `kind`"), "{told}");

    edit(&manifest, "kind = \"provider\"", "kind = \"channel\"");
    edit(
        &manifest,
        "[limits]",
        "[templates.commit_notify]\ntitle = \"{{.RepoName\"\ncontent = \"c\"\n[limits]",
    );
    let told = refusal();
    assert!(told.contains("templates.commit_notify: title"), "{told}");

    edit(&manifest, "templates.commit_notify", "templates.nothing");
    let told = refusal();
    assert!(
        told.contains("templates.nothing: there is no such scene"),
        "{told}"
    );

    edit(&manifest, "templates.nothing", "templates.digest");
    edit(&manifest, "{{.RepoName", "{{.Count}}");
    edit(&manifest, "${config.url}", "example.com/path");
    let told = refusal();
    assert!(
        told.contains("permissions.http: `example.com/path`"),
        "{told}"
    );
    assert!(!out.exists());

    // What it can do and never asks for is odd, and no fault.
    edit(&manifest, "http = [\"example.com/path\"]", "http = []");
    let built = build::run(std::slice::from_ref(&created), &options(&out)).unwrap();
    assert!(
        built[0].warnings[0].contains("http = ["),
        "{:?}",
        built[0].warnings
    );
}
