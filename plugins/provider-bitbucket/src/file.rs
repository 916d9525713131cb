//! A changed file, as lists without diffs name it.

use push_notify_sdk::{ChangeStatus, FileChange, Omission, delivery::present};
use serde::Deserialize;

#[derive(Debug, Deserialize)]
pub(crate) struct File {
    status: Option<String>,
    old: Option<Side>,
    new: Option<Side>,
    lines_added: Option<u32>,
    lines_removed: Option<u32>,
}

#[derive(Debug, Deserialize)]
struct Side {
    path: Option<String>,
}

impl File {
    /// None when it is not about a file that changed.
    pub(crate) fn normalised(self) -> Option<FileChange> {
        let path = |side: Option<Side>| side.and_then(|side| present(side.path));
        let (old, new) = (path(self.old), path(self.new));
        let path = new.or_else(|| old.clone())?;
        let status = match self.status.as_deref() {
            Some("added") => ChangeStatus::Added,
            Some("removed") => ChangeStatus::Removed,
            Some("renamed") => ChangeStatus::Renamed,
            _ => ChangeStatus::Modified,
        };
        Some(FileChange {
            old_path: old.filter(|old| *old != path),
            path,
            status,
            additions: self.lines_added,
            deletions: self.lines_removed,
            patch: None,
            omitted: Some(Omission::TooLarge),
        })
    }
}
