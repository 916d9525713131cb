use super::Source;
use crate::cli::BuildOptions;
use crate::process;
use crate::toolchain::{Compiler, TARGET};
use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The cargo that runs this command, else the one in the search path.
pub fn cargo() -> OsString {
    std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"))
}

/// What cargo knows about the package in a folder.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Metadata {
    pub(super) package: String,
    pub(super) version: String,
    pub(super) target_dir: PathBuf,
}

pub(super) fn metadata(cargo: &OsStr, dir: &Path) -> Result<Metadata> {
    let metadata = ask(cargo, dir)?;
    let manifest = dir.join("Cargo.toml");
    let is_here = |package: &&Value| {
        let path = package["manifest_path"].as_str().map(Path::new);
        path.is_some_and(|path| same(path, &manifest))
    };
    let package = packages(&metadata).find(is_here);
    let package = package.with_context(|| format!("{} has no package", manifest.display()))?;
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    Ok(Metadata {
        package: text(&package["name"]),
        version: text(&package["version"]),
        target_dir: PathBuf::from(text(&metadata["target_directory"])),
    })
}

/// The folders of the packages in the workspace that `dir` belongs to.
pub(super) fn members(cargo: &OsStr, dir: &Path) -> Result<Vec<PathBuf>> {
    let metadata = ask(cargo, dir)?;
    let manifests = packages(&metadata).filter_map(|package| package["manifest_path"].as_str());
    let folder = |manifest: &str| Path::new(manifest).parent().map(Path::to_owned);
    Ok(manifests.filter_map(folder).collect())
}

fn ask(cargo: &OsStr, dir: &Path) -> Result<Value> {
    let mut command = Command::new(cargo);
    command
        .args(["metadata", "--no-deps", "--format-version", "1"])
        .current_dir(dir);
    let text = process::output(&mut command)?;
    serde_json::from_str(&text).context("`cargo metadata` wrote something else than JSON")
}

fn packages(metadata: &Value) -> impl Iterator<Item = &Value> {
    metadata["packages"].as_array().into_iter().flatten()
}

fn same(left: &Path, right: &Path) -> bool {
    left == right
        || left
            .canonicalize()
            .ok()
            .is_some_and(|left| right.canonicalize().is_ok_and(|right| left == right))
}

/// Compiles the crate's library to a core module, and gives its bytes.
pub(super) fn compile(
    source: &Source,
    compiler: &Compiler,
    target_dir: &Path,
    options: &BuildOptions,
) -> Result<Vec<u8>> {
    let mut command = Command::new(cargo());
    command
        .args([
            "rustc",
            "--package",
            &source.package,
            "--lib",
            "--crate-type",
            "cdylib",
        ])
        .args([
            "--target",
            TARGET,
            "--message-format=json-render-diagnostics",
            "--target-dir",
        ])
        .arg(target_dir)
        .current_dir(&source.dir);
    command.args((!options.debug).then_some("--release"));
    command.args(options.locked.then_some("--locked"));
    command.args(options.quiet.then_some("--quiet"));
    // Every plugin gets these, whatever its own profile says: `s` with LTO is a quarter smaller
    // than 3, and nearly as fast.
    for (key, value) in if options.debug { DEBUG } else { RELEASE } {
        command.env(key, value);
    }
    let mut remaps = vec![(source.root(), "/plugin".to_owned())];
    remaps.extend(cargo_home().map(|home| (home, "/cargo".to_owned())));
    compiler.apply(&mut command, &remaps);
    let messages = process::output_shown(&mut command)?;
    let module = artifacts(&messages).into_iter().rev().find_map(|artifact| {
        let is_module = |file: &PathBuf| file.extension().is_some_and(|suffix| suffix == "wasm");
        artifact.files.into_iter().find(is_module)
    });
    let Some(module) = module else {
        bail!("cargo made no module: a plugin is a library, with src/lib.rs");
    };
    std::fs::read(&module).with_context(|| format!("cannot read {}", module.display()))
}

const RELEASE: &[(&str, &str)] = &[
    ("CARGO_PROFILE_RELEASE_OPT_LEVEL", "s"),
    ("CARGO_PROFILE_RELEASE_LTO", "true"),
    ("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "1"),
    ("CARGO_PROFILE_RELEASE_PANIC", "abort"),
    ("CARGO_PROFILE_RELEASE_STRIP", "symbols"),
    ("CARGO_PROFILE_RELEASE_DEBUG", "false"),
];
const DEBUG: &[(&str, &str)] = &[
    ("CARGO_PROFILE_DEV_PANIC", "abort"),
    ("CARGO_PROFILE_DEV_DEBUG", "false"),
];

fn cargo_home() -> Option<PathBuf> {
    let home = || Some(PathBuf::from(std::env::var_os("HOME")?).join(".cargo"));
    std::env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(home)
}

/// A crate that cargo compiled.
#[derive(Debug, PartialEq, Eq)]
pub struct Artifact {
    pub crate_name: String,
    pub files: Vec<PathBuf>,
}

/// Reads what cargo prints with `--message-format=json`; other lines are left out.
pub fn artifacts(messages: &str) -> Vec<Artifact> {
    let artifact = |line: &str| {
        let message: Value = serde_json::from_str(line).ok()?;
        let files = message["filenames"]
            .as_array()?
            .iter()
            .filter_map(Value::as_str);
        (message["reason"] == "compiler-artifact").then(|| Artifact {
            crate_name: message["target"]["name"]
                .as_str()
                .unwrap_or_default()
                .to_owned(),
            files: files.map(PathBuf::from).collect(),
        })
    };
    messages.lines().filter_map(artifact).collect()
}
