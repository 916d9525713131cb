use super::Part;
use crate::{
    ChangePage, ChangeScope, Failure, FileChange,
    http::{Error, Request, Response},
};

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

impl Part {
    /// The host's answer, whatever its status, and the part that it is: the start of this one where all of it is too large for one answer.
    /// None when the first file alone is. `ask` makes the request, which this gives its `page` and `per_page`.
    pub fn fetch(self, ask: impl Fn() -> Request) -> Result<Option<(Response, Self)>, Failure> {
        let mut part = self;
        loop {
            let request = ask().query("page", part.page).query("per_page", part.size);
            match request.send() {
                Err(Error::TooLarge) => match part.smaller() {
                    Some(smaller) => part = smaller,
                    None => return Ok(None),
                },
                answer => return Ok(Some((answer?, part))),
            }
        }
    }
}
