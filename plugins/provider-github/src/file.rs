//! A changed file, as merge requests, comparisons and commits list it.

use push_notify_sdk::{
    ChangeStatus, FileChange, Omission,
    delivery::present,
    forge::{hunks, is_binary},
};
use serde::Deserialize;

#[derive(Debug, Deserialize)]
pub(crate) struct File {
    filename: Option<String>,
    previous_filename: Option<String>,
    status: Option<String>,
    /// Of the content after the change.
    sha: Option<String>,
    additions: Option<u32>,
    deletions: Option<u32>,
    changes: Option<u32>,
    patch: Option<String>,
}

/// Of a file without content.
const EMPTY: &str = "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391";

impl File {
    /// None when it is not about a file that changed.
    pub(crate) fn normalised(self) -> Option<FileChange> {
        let path = present(self.filename)?;
        let status = match self.status.as_deref() {
            Some("unchanged") => return None,
            Some("added" | "copied") => ChangeStatus::Added,
            Some("removed") => ChangeStatus::Removed,
            Some("renamed") => ChangeStatus::Renamed,
            _ => ChangeStatus::Modified,
        };
        let text = present(self.patch);
        let patch = text.as_deref().and_then(hunks).map(str::to_owned);
        let omitted = match (&patch, self.changes) {
            (Some(_), _) => None,
            (None, _) if text.as_deref().is_some_and(is_binary) => Some(Omission::Binary),
            (None, Some(0)) if status == ChangeStatus::Renamed => None,
            (None, Some(0)) if self.sha.as_deref() == Some(EMPTY) => None,
            // GitHub counts no lines of what has none.
            (None, Some(0)) => Some(Omission::Binary),
            (None, _) => Some(Omission::TooLarge),
        };
        Some(FileChange {
            old_path: present(self.previous_filename).filter(|old| *old != path),
            path,
            status,
            additions: self.additions,
            deletions: self.deletions,
            patch,
            omitted,
        })
    }
}
