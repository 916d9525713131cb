use push_notify_tests::workspace;
use std::{fs, process::Command, sync::OnceLock};

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
        let files: Vec<Source> = listed_by_git().into_iter().filter_map(read).collect();
        let count = files.len();
        assert!(count > LEAST_FILES, "git lists {count} Rust files");
        files
    })
}

fn listed_by_git() -> Vec<String> {
    let listing = Command::new("git")
        .current_dir(workspace())
        .args(["ls-files", "-z", "--cached", "--others"])
        .args(["--exclude-standard", "--", "*.rs"])
        .output()
        .expect("git: the rules of the tree hold for the files that it lists");
    let error = String::from_utf8_lossy(&listing.stderr);
    assert!(
        listing.status.success(),
        "the rules of the tree hold for the files that git lists, and it lists none: {error}"
    );
    let paths = String::from_utf8(listing.stdout).expect("paths in UTF-8");
    paths.split_terminator('\0').map(str::to_owned).collect()
}

/// None when the file is deleted, and git does not know yet.
fn read(path: String) -> Option<Source> {
    let text = fs::read_to_string(workspace().join(&path)).ok()?;
    let is_code = |line: &&str| !line.trim_start().starts_with("//");
    let code = text.lines().filter(is_code).collect::<Vec<_>>().join("\n");
    Some(Source { path, text, code })
}
