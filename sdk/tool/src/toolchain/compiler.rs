use super::linker::Linker;
use std::path::PathBuf;
use std::process::Command;

/// A way to compile for the target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compiler {
    /// In a few words.
    pub how: String,
    /// In place of the one that cargo would take.
    pub(super) rustc: Option<PathBuf>,
    /// In place of the compiler's own.
    pub(super) sysroot: Option<PathBuf>,
    pub(super) linker: Linker,
}

impl Compiler {
    /// Sets up a cargo command. `remaps` are folders that must not show in the result, each with
    /// the name to show instead.
    pub fn apply(&self, cargo: &mut Command, remaps: &[(PathBuf, String)]) {
        if let Some(rustc) = &self.rustc {
            cargo.env("RUSTC", rustc);
        }
        if let Linker::At(linker) = &self.linker {
            cargo.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker);
        }
        // This variable wins over every other place for flags; those are for the machine's own
        // target.
        cargo.env("CARGO_ENCODED_RUSTFLAGS", self.flags(remaps).join("\u{1f}"));
    }

    pub(super) fn flags(&self, remaps: &[(PathBuf, String)]) -> Vec<String> {
        let sysroot = self
            .sysroot
            .iter()
            .map(|path| format!("--sysroot={}", path.display()));
        let remaps = remaps
            .iter()
            .map(|(from, to)| format!("--remap-path-prefix={}={to}", from.display()));
        sysroot.chain(remaps).collect()
    }
}
