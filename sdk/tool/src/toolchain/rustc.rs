use super::TARGET;
use crate::process;
use anyhow::{Context, Result};
use std::path::{Path, PathBuf};
use std::process::Command;

/// A compiler, and where its libraries are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rustc {
    /// As it was called; may be `rustc` alone.
    pub path: PathBuf,
    /// All of `rustc -vV`: two compilers with the same text can share compiled libraries.
    pub version: String,
    pub sysroot: PathBuf,
    /// The triple of this machine.
    pub host: String,
}

impl Rustc {
    /// Asks the compiler at `path`, called in `dir`: there a `rust-toolchain.toml` may choose
    /// another one.
    pub fn ask(path: &Path, dir: &Path) -> Result<Self> {
        let version = process::output(Command::new(path).arg("-vV").current_dir(dir))?;
        let sysroot = process::output(
            Command::new(path)
                .args(["--print", "sysroot"])
                .current_dir(dir),
        )?;
        let host = host(&version)
            .context("`rustc -vV` names no host")?
            .to_owned();
        Ok(Self {
            path: path.to_owned(),
            sysroot: PathBuf::from(sysroot.trim()),
            host,
            version,
        })
    }

    /// `rustc 1.95.0 (59807616e 2026-04-14)`.
    pub fn name(&self) -> &str {
        self.version.lines().next().unwrap_or("rustc")
    }

    /// Whether the target's standard library is installed. (`--print target-libdir` names a folder
    /// even when it is not.)
    pub fn has_target(&self) -> bool {
        has_core(&libraries(&self.sysroot))
    }

    /// Whether the source of its own standard library is installed.
    pub fn has_source(&self) -> bool {
        self.source_lock().is_file()
    }

    pub(super) fn source_lock(&self) -> PathBuf {
        self.sysroot.join("lib/rustlib/src/rust/library/Cargo.lock")
    }

    /// Where it keeps programs such as `rust-lld`.
    pub(super) fn programs(&self) -> PathBuf {
        self.sysroot
            .join("lib/rustlib")
            .join(&self.host)
            .join("bin")
    }
}

/// Where a sysroot keeps the target's libraries.
pub(super) fn libraries(sysroot: &Path) -> PathBuf {
    sysroot.join("lib/rustlib").join(TARGET).join("lib")
}

pub(super) fn has_core(libraries: &Path) -> bool {
    std::fs::read_dir(libraries).is_ok_and(|entries| {
        entries.flatten().any(|entry| {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            name.starts_with("libcore-") && name.ends_with(".rlib")
        })
    })
}

pub(super) fn host(version: &str) -> Option<&str> {
    version.lines().find_map(|line| line.strip_prefix("host: "))
}
