//! Puts into the binary what was built before: the official plugins (`make plugins`), every
//! `target/plugins/*.wasm`, and the console (`make console`), all below `target/console`. What is
//! not there is left out.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

/// What the console's own build packs each of its files into, beside it.
const PACKED: [&str; 2] = ["br", "gz"];

fn main() {
    let manifest_dir = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let built = manifest_dir.join("../../target");
    let plugins = files(&built.join("plugins"))
        .into_iter()
        .filter(|file| has_extension(file, &["wasm"]))
        .filter_map(|file| {
            let name = file.file_stem()?.to_str()?;
            Some(format!("({name:?}, include_bytes!({file:?}))"))
        });
    write("embedded.rs", plugins);
    let console = built.join("console");
    let pages = files(&console);
    let assets = files(&console.join("assets"));
    let console = pages.iter().chain(&assets).filter_map(|file| {
        let name = file.file_name()?.to_str()?;
        let [br, gz] = PACKED.map(|packed| file.with_file_name(format!("{name}.{packed}")));
        (!has_extension(file, &PACKED) && br.is_file() && gz.is_file()).then(|| {
            format!(
                "Asset {{ name: {name:?}, plain: include_bytes!({file:?}), \
                 brotli: include_bytes!({br:?}), gzip: include_bytes!({gz:?}) }}"
            )
        })
    });
    write("console.rs", console);
}

/// In a folder, sorted. None where there is no such folder; the build looks again when there is.
fn files(folder: &Path) -> Vec<PathBuf> {
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .filter_map(|entry| fs::canonicalize(entry.ok()?.path()).ok())
        .filter(|path| path.is_file())
        .inspect(|path| println!("cargo::rerun-if-changed={}", path.display()))
        .collect();
    files.sort();
    files
}

fn has_extension(file: &Path, extensions: &[&str]) -> bool {
    let extension = file.extension().and_then(|extension| extension.to_str());
    extension.is_some_and(|extension| extensions.contains(&extension))
}

/// A slice of these, as Rust.
fn write(name: &str, entries: impl Iterator<Item = String>) {
    let entries: String = entries.map(|entry| format!("    {entry},\n")).collect();
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    if let Err(error) = fs::write(out.join(name), format!("&[\n{entries}]\n")) {
        println!("cargo::error=cannot write {name}: {error}");
    }
}
