//! Puts the official plugins that were built (`make plugins`) into the binary: every
//! `target/plugins/*.wasm`.

use std::{env, fs, path::Path, path::PathBuf};

fn main() {
    let manifest_dir = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let built = manifest_dir.join("../../target/plugins");
    println!("cargo::rerun-if-changed={}", built.display());
    let mut files: Vec<PathBuf> = fs::read_dir(&built)
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "wasm")
        })
        .collect();
    files.sort();
    let entries: String = files
        .iter()
        .filter_map(|file| {
            let file = fs::canonicalize(file).ok()?;
            println!("cargo::rerun-if-changed={}", file.display());
            let name = file.file_stem()?.to_str()?;
            Some(format!("    ({name:?}, include_bytes!({file:?})),\n"))
        })
        .collect();
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    write(&out.join("embedded.rs"), &format!("&[\n{entries}]\n"));
}

fn write(path: &Path, text: &str) {
    if let Err(error) = fs::write(path, text) {
        println!("cargo::error=cannot write {}: {error}", path.display());
    }
}
