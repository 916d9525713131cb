//! A file of a merge request, a comparison or a commit: GitLab lists all of them alike.

use push_notify_sdk::{
    ChangeStatus, FileChange, Omission,
    delivery::present,
    forge::{counted, hunks, is_binary},
};
use serde::Deserialize;

#[derive(Deserialize)]
pub(crate) struct Diff {
    old_path: Option<String>,
    new_path: Option<String>,
    a_mode: Option<String>,
    b_mode: Option<String>,
    diff: Option<String>,
    new_file: Option<bool>,
    renamed_file: Option<bool>,
    deleted_file: Option<bool>,
    /// GitLab never shows it.
    too_large: Option<bool>,
    /// GitLab would show it, but not in a list.
    collapsed: Option<bool>,
    generated_file: Option<bool>,
}

impl Diff {
    /// None when it names no file.
    pub(crate) fn normalised(self) -> Option<FileChange> {
        let diff = self.diff.as_deref().unwrap_or_default();
        let status = self.status();
        let omitted = match (self.generated_file, hunks(diff)) {
            (Some(true), _) => Some(Omission::Generated),
            (_, Some(_)) => None,
            (_, None) if is_binary(diff) => Some(Omission::Binary),
            (_, None) if self.is_left_out(status) => Some(Omission::TooLarge),
            _ => None,
        };
        let patch = hunks(diff).filter(|_| omitted.is_none()).map(str::to_owned);
        let counts = hunks(diff).map(counted).unzip();
        let path = present(self.new_path).or_else(|| present(self.old_path.clone()))?;
        Some(FileChange {
            old_path: present(self.old_path).filter(|old| *old != path),
            path,
            status,
            additions: counts.0,
            deletions: counts.1,
            patch,
            omitted,
        })
    }

    fn status(&self) -> ChangeStatus {
        match (self.new_file, self.deleted_file, self.renamed_file) {
            (Some(true), ..) => ChangeStatus::Added,
            (_, Some(true), _) => ChangeStatus::Removed,
            (.., Some(true)) => ChangeStatus::Renamed,
            _ => ChangeStatus::Modified,
        }
    }

    /// Older versions say nothing of it: there is just no diff where there must be one.
    fn is_left_out(&self, status: ChangeStatus) -> bool {
        let said = self.too_large == Some(true) || self.collapsed == Some(true);
        said || status == ChangeStatus::Modified && self.a_mode == self.b_mode
    }
}
