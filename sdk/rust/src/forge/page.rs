use crate::{ChangePage, ChangeScope, FileChange};

impl ChangePage {
    /// With these files, and no part after it.
    pub fn last(files: Vec<FileChange>, scope: ChangeScope) -> Self {
        Self {
            files,
            next: None,
            scope,
            truncated: false,
        }
    }

    /// In place of what is too large to be read.
    pub fn unread(scope: ChangeScope) -> Self {
        Self {
            truncated: true,
            ..Self::last(Vec::new(), scope)
        }
    }
}
