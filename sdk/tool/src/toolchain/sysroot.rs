use super::rustc::{self, Rustc};
use super::{TARGET, linker::Linker};
use crate::build::{artifacts, cargo};
use crate::{process, progress};
use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Goes into the cache key: a change of how sysroots are made makes new ones.
const RECIPE: &str = "1";

/// The cached standard library for `rustc`, which must have its source; built on first use.
pub(super) fn get(rustc: &Rustc, linker: &Linker) -> Result<PathBuf> {
    let cache = cache_dir(std::env::var_os("XDG_CACHE_HOME"), std::env::var_os("HOME"))
        .context("neither XDG_CACHE_HOME nor HOME is set")?;
    let key = key(&rustc.version);
    let sysroot = cache.join(format!("sysroot-{key}"));
    if is_complete(&sysroot, rustc) {
        return Ok(sysroot);
    }
    fs::create_dir_all(&cache).with_context(|| format!("cannot create {}", cache.display()))?;
    // Two runs at once would do the same work; the second waits for the first.
    let lock = fs::File::create(cache.join(format!("lock-{key}")))?;
    lock.lock()?;
    if is_complete(&sysroot, rustc) {
        return Ok(sysroot);
    }
    progress::step(format_args!(
        "building the standard library for {TARGET} with {} (once; about half a minute)",
        rustc.name()
    ));
    let prefix = format!("building-{key}-");
    remove_leftovers(&cache, &prefix)?;
    let workshop = tempfile::Builder::new()
        .prefix(&prefix)
        .tempdir_in(&cache)?;
    let built = build(rustc, linker, workshop.path())?;
    if sysroot.exists() {
        // What an upgrade of the compiler left behind under the same version.
        fs::remove_dir_all(&sysroot)?;
    }
    fs::rename(&built, &sysroot)?;
    Ok(sysroot)
}

/// What runs that were killed left behind. The lock is held, so nobody works there.
fn remove_leftovers(cache: &Path, prefix: &str) -> Result<()> {
    for entry in fs::read_dir(cache)?.flatten() {
        if entry.file_name().to_string_lossy().starts_with(prefix) {
            fs::remove_dir_all(entry.path())?;
        }
    }
    Ok(())
}

/// `push-notify-plugin` in the user's cache folder.
pub(super) fn cache_dir(xdg: Option<OsString>, home: Option<OsString>) -> Option<PathBuf> {
    let set = |value: Option<OsString>| value.filter(|value| !value.is_empty()).map(PathBuf::from);
    let base = set(xdg)
        .filter(|path| path.is_absolute())
        .or_else(|| Some(set(home)?.join(".cache")))?;
    Some(base.join("push-notify-plugin"))
}

pub(super) fn key(version: &str) -> String {
    let digest = Sha256::new()
        .chain_update(RECIPE)
        .chain_update(version)
        .finalize();
    hex::encode(&digest[..8])
}

fn is_complete(sysroot: &Path, rustc: &Rustc) -> bool {
    let host = sysroot.join("lib/rustlib").join(&rustc.host);
    rustc::has_core(&rustc::libraries(sysroot)) && host.exists()
}

/// Compiles an empty crate together with the standard library, and arranges the libraries as a
/// sysroot. Nothing after this needs an unstable option, nor builds the library again.
fn build(rustc: &Rustc, linker: &Linker, workshop: &Path) -> Result<PathBuf> {
    const NAME: &str = "push_notify_sysroot";
    let source = workshop.join("crate");
    fs::create_dir_all(source.join("src"))?;
    fs::write(source.join("src/lib.rs"), "")?;
    let package = format!(
        "[package]\nname = \"{NAME}\"\nversion = \"0.0.0\"\nedition = \"2021\"\n[workspace]\n"
    );
    fs::write(source.join("Cargo.toml"), package)?;

    let mut command = Command::new(cargo());
    command
        .args([
            "build",
            "--release",
            "--quiet",
            "-Zbuild-std=std,panic_abort",
        ])
        .args([
            "--target",
            TARGET,
            "--message-format=json-render-diagnostics",
            "--target-dir",
        ])
        .arg(workshop.join("target"))
        .current_dir(&source)
        .env("RUSTC", &rustc.path)
        // Building the library is not stable; it takes this here, and nowhere else.
        .env("RUSTC_BOOTSTRAP", "1")
        // So that plugins can be linked with and without LTO.
        .env("CARGO_ENCODED_RUSTFLAGS", "-Cembed-bitcode=yes")
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "s")
        .env("CARGO_PROFILE_RELEASE_PANIC", "abort")
        .env("CARGO_PROFILE_RELEASE_DEBUG", "false");
    if let Linker::At(path) = linker {
        command.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", path);
    }
    let messages = process::output_shown(&mut command)?;

    let sysroot = workshop.join("sysroot");
    let libraries = rustc::libraries(&sysroot);
    fs::create_dir_all(&libraries)?;
    for artifact in artifacts(&messages) {
        for file in artifact
            .files
            .iter()
            .filter(|file| is_library(file) && artifact.crate_name != NAME)
        {
            let name = file.file_name().context("a library without a name")?;
            fs::copy(file, libraries.join(name))?;
        }
    }
    if !rustc::has_core(&libraries) {
        bail!("cargo built no standard library for {TARGET}");
    }
    link(
        &rustc.sysroot.join("lib/rustlib").join(&rustc.host),
        &sysroot.join("lib/rustlib").join(&rustc.host),
    )?;
    Ok(sysroot)
}

/// Of the target, not of the machine (build scripts).
fn is_library(file: &Path) -> bool {
    let suffix = file.extension().and_then(|suffix| suffix.to_str());
    matches!(suffix, Some("rlib" | "rmeta")) && file.iter().any(|part| part == TARGET)
}

#[cfg(unix)]
fn link(original: &Path, link: &Path) -> Result<()> {
    Ok(std::os::unix::fs::symlink(original, link)?)
}

#[cfg(not(unix))]
fn link(_original: &Path, _link: &Path) -> Result<()> {
    bail!("a private sysroot needs symbolic links; use `rustup target add {TARGET}`")
}
