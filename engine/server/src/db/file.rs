use std::path::{Path, PathBuf};

/// The file that `database.url` means on SQLite.
pub fn sqlite_file(url: &str, data_dir: &Path) -> PathBuf {
    let path = url
        .strip_prefix("sqlite:")
        .map(|rest| rest.strip_prefix("//").unwrap_or(rest))
        .unwrap_or_default();
    if path.is_empty() {
        data_dir.join("push-notify.db")
    } else {
        PathBuf::from(path)
    }
}
