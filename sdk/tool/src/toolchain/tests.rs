use super::find::advice;
use super::linker::{self, Linker};
use super::{Compiler, Rustc, TARGET, rustc, sysroot};
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

const VERSION: &str = "rustc 1.95.0 (59807616e 2026-04-14)\nbinary: rustc\nhost: x86_64-unknown-linux-gnu\nrelease: 1.95.0\n";

fn rustc_at(sysroot: &Path) -> Rustc {
    Rustc {
        path: PathBuf::from("rustc"),
        version: VERSION.to_owned(),
        sysroot: sysroot.to_owned(),
        host: "x86_64-unknown-linux-gnu".to_owned(),
    }
}

fn put(path: &Path) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, "").unwrap();
}

#[test]
fn the_host_is_read_from_the_version() {
    assert_eq!(rustc::host(VERSION), Some("x86_64-unknown-linux-gnu"));
    assert_eq!(rustc::host("rustc 1.95.0"), None);
    assert_eq!(
        rustc_at(Path::new("/")).name(),
        "rustc 1.95.0 (59807616e 2026-04-14)"
    );
}

#[test]
fn a_target_counts_as_installed_when_its_core_library_is_there() {
    let dir = tempfile::tempdir().unwrap();
    let rustc = rustc_at(dir.path());
    assert!(!rustc.has_target());
    let libraries = dir.path().join("lib/rustlib").join(TARGET).join("lib");
    // An empty folder, or metadata alone, is not enough.
    put(&libraries.join("libcore-1.rmeta"));
    assert!(!rustc.has_target());
    put(&libraries.join("libcore-1.rlib"));
    assert!(rustc.has_target());
}

#[test]
fn a_source_counts_as_installed_when_its_lock_file_is_there() {
    let dir = tempfile::tempdir().unwrap();
    let rustc = rustc_at(dir.path());
    assert!(!rustc.has_source());
    put(&dir.path().join("lib/rustlib/src/rust/library/Cargo.lock"));
    assert!(rustc.has_source());
}

#[test]
fn a_compilers_own_linker_comes_first_then_anothers_then_the_search_path() {
    let dir = tempfile::tempdir().unwrap();
    let (own, other) = (
        rustc_at(&dir.path().join("own")),
        rustc_at(&dir.path().join("other")),
    );
    let bin = dir.path().join("bin");
    let find = || {
        linker::find(
            &own,
            std::slice::from_ref(&other),
            Some(OsString::from(&bin)),
        )
    };
    assert_eq!(find(), None);
    put(&bin.join("wasm-ld"));
    assert_eq!(find(), Some(Linker::At(bin.join("wasm-ld"))));
    let of_other = other.programs().join("rust-lld");
    put(&of_other);
    assert_eq!(find(), Some(Linker::At(of_other)));
    put(&own.programs().join("rust-lld"));
    assert_eq!(find(), Some(Linker::Own));
}

#[test]
fn in_the_search_path_the_highest_numbered_linker_is_taken_when_there_is_no_plain_one() {
    let dir = tempfile::tempdir().unwrap();
    let dirs = [
        dir.path().join("a"),
        dir.path().join("b"),
        dir.path().join("missing"),
    ];
    assert_eq!(linker::in_dirs(&dirs), None);
    for name in ["a/wasm-ld-9", "b/wasm-ld-14", "a/wasm-ld-x", "a/wasm-ld-"] {
        put(&dir.path().join(name));
    }
    assert_eq!(
        linker::in_dirs(&dirs),
        Some(dir.path().join("b/wasm-ld-14"))
    );
    put(&dir.path().join("b/wasm-ld"));
    assert_eq!(linker::in_dirs(&dirs), Some(dir.path().join("b/wasm-ld")));
    put(&dir.path().join("b/rust-lld"));
    assert_eq!(linker::in_dirs(&dirs), Some(dir.path().join("b/rust-lld")));
}

#[test]
fn the_cache_is_where_the_user_keeps_caches() {
    let set = |path: &str| Some(OsString::from(path));
    let cache = |xdg, home| sysroot::cache_dir(xdg, home).map(|path| path.display().to_string());
    assert_eq!(
        cache(set("/c"), set("/h")).as_deref(),
        Some("/c/push-notify-plugin")
    );
    for ignored in [None, set(""), set("relative")] {
        assert_eq!(
            cache(ignored, set("/h")).as_deref(),
            Some("/h/.cache/push-notify-plugin")
        );
    }
    assert_eq!(cache(None, None), None);
}

#[test]
fn each_compiler_has_its_own_library() {
    assert_eq!(sysroot::key(VERSION), sysroot::key(VERSION));
    assert_ne!(
        sysroot::key(VERSION),
        sysroot::key(&VERSION.replace("1.95", "1.96"))
    );
    assert_eq!(sysroot::key(VERSION).len(), 16);
}

#[test]
fn flags_name_the_library_and_hide_folders() {
    let compiler = Compiler {
        how: String::new(),
        rustc: None,
        sysroot: Some(PathBuf::from("/s")),
        linker: Linker::Own,
    };
    let flags = compiler.flags(&[(PathBuf::from("/home/me/x"), "/plugin".to_owned())]);
    assert_eq!(
        flags,
        ["--sysroot=/s", "--remap-path-prefix=/home/me/x=/plugin"]
    );
}

#[test]
fn a_refusal_says_what_was_tried_once_and_what_to_install() {
    let reasons = [
        "rustc 1.95.0 has no library".to_owned(),
        "no source".to_owned(),
        "no source".to_owned(),
    ];
    let text = advice(&reasons);
    assert_eq!(text.matches("no source").count(), 1);
    assert!(text.contains("- rustc 1.95.0 has no library"), "{text}");
    assert!(
        text.contains("rustup target add wasm32-unknown-unknown"),
        "{text}"
    );
    assert!(
        text.contains("apt-get install rustc-web rust-web-src"),
        "{text}"
    );
}
