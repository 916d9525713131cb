use push_notify_tests::workspace;
use std::{fs, path::Path, process::Command, sync::OnceLock};

/// A Rust source file, by its path from the root.
#[derive(Debug)]
pub struct Source {
    pub path: String,
    pub text: String,
    /// The text without the lines that are comments.
    pub code: String,
}

/// There are some 1200 source files. Far fewer were found when a folder is overlooked, and what
/// is overlooked breaks no rule.
const LEAST_FILES: usize = 1000;

/// The Rust files in these folders.
pub fn sources(folders: &[&str]) -> Vec<&'static Source> {
    let mut found = Vec::new();
    for folder in folders {
        let inside = format!("{folder}/");
        let before = found.len();
        found.extend(all().iter().filter(|file| file.path.starts_with(&inside)));
        assert!(found.len() > before, "no source file is in {folder}");
    }
    found
}

/// True of files that are compiled for tests alone.
pub fn is_test(path: &str) -> bool {
    path.ends_with("/tests.rs") || path.contains("/tests/") || path.starts_with("tests/")
}

/// All Rust files that git has or would take in. What is built is not among them, wherever it is;
/// and a folder is among them, whatever it is called.
pub fn all() -> &'static [Source] {
    static ALL: OnceLock<Vec<Source>> = OnceLock::new();
    ALL.get_or_init(|| {
        let paths = listed_by_git().unwrap_or_else(|| {
            let mut paths = Vec::new();
            on_disk(workspace(), &mut paths);
            paths
        });
        let files: Vec<Source> = paths.into_iter().filter_map(read).collect();
        let count = files.len();
        assert!(count > LEAST_FILES, "there are {count} Rust files");
        files
    })
}

/// None where git cannot tell, as in an unpacked archive.
fn listed_by_git() -> Option<Vec<String>> {
    let listing = Command::new("git")
        .current_dir(workspace())
        .args(["-c", "safe.directory=*", "ls-files", "-z", "--cached"])
        .args(["--others", "--exclude-standard", "--", "*.rs"])
        .output()
        .ok()?;
    let paths = String::from_utf8(listing.stdout).expect("paths in UTF-8");
    let paths = paths.split_terminator('\0').map(str::to_owned).collect();
    listing.status.success().then_some(paths)
}

/// What is on disk, but for the folders that cargo marks as its own.
fn on_disk(folder: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() && !path.join("CACHEDIR.TAG").exists() {
            on_disk(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let path = path.strip_prefix(workspace()).expect("inside");
            found.push(path.display().to_string());
        }
    }
}

/// None when the file is deleted, and git does not know yet.
fn read(path: String) -> Option<Source> {
    let text = fs::read_to_string(workspace().join(&path)).ok()?;
    let is_code = |line: &&str| !line.trim_start().starts_with("//");
    let code = text.lines().filter(is_code).collect::<Vec<_>>().join("\n");
    Some(Source { path, text, code })
}
