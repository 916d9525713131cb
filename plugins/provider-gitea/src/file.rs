//! A changed file, as lists without diffs name it.

use push_notify_sdk::{ChangeStatus, FileChange, Omission, delivery::present};
use serde::Deserialize;

#[derive(Debug, Deserialize)]
pub(crate) struct File {
    filename: Option<String>,
    previous_filename: Option<String>,
    status: Option<String>,
    additions: Option<u32>,
    deletions: Option<u32>,
}

impl File {
    /// None when it is not about a file that changed.
    pub(crate) fn normalised(self) -> Option<FileChange> {
        let path = present(self.filename)?;
        let status = match self.status.as_deref() {
            Some("added" | "copied") => ChangeStatus::Added,
            Some("deleted" | "removed") => ChangeStatus::Removed,
            Some("renamed") => ChangeStatus::Renamed,
            _ => ChangeStatus::Modified,
        };
        Some(FileChange {
            old_path: present(self.previous_filename).filter(|old| *old != path),
            path,
            status,
            additions: self.additions,
            deletions: self.deletions,
            patch: None,
            omitted: Some(Omission::TooLarge),
        })
    }
}
