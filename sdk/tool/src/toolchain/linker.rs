use super::Rustc;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// What links WebAssembly.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Linker {
    /// The compiler finds its own.
    Own,
    At(PathBuf),
}

/// The compiler's own `rust-lld`, or that of another compiler, or one in the search path.
pub(super) fn find(rustc: &Rustc, others: &[Rustc], path: Option<OsString>) -> Option<Linker> {
    let lld = |rustc: &Rustc| {
        rustc
            .programs()
            .join(format!("rust-lld{}", std::env::consts::EXE_SUFFIX))
    };
    if lld(rustc).is_file() {
        return Some(Linker::Own);
    }
    let of_others = others.iter().map(lld).find(|path| path.is_file());
    let found = of_others.or_else(|| {
        let path = path?;
        let dirs: Vec<PathBuf> = std::env::split_paths(&path).collect();
        in_dirs(&dirs)
    })?;
    Some(Linker::At(found))
}

/// `rust-lld`, else `wasm-ld`, else the highest `wasm-ld-N`.
pub(super) fn in_dirs(dirs: &[PathBuf]) -> Option<PathBuf> {
    let plain = |name: &str| {
        dirs.iter()
            .map(|dir| dir.join(name))
            .find(|path| path.is_file())
    };
    plain("rust-lld").or_else(|| plain("wasm-ld")).or_else(|| {
        let numbered = |dir: &PathBuf| {
            let entries = std::fs::read_dir(dir).into_iter().flatten().flatten();
            entries
                .filter_map(|entry| Some((number(&entry.path())?, entry.path())))
                .collect::<Vec<_>>()
        };
        let (_, path) = dirs
            .iter()
            .flat_map(numbered)
            .max_by_key(|(number, _)| *number)?;
        Some(path)
    })
}

fn number(path: &Path) -> Option<u32> {
    path.file_name()?
        .to_str()?
        .strip_prefix("wasm-ld-")?
        .parse()
        .ok()
}
