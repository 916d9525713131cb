//! What an event changed.

use super::{Client, Dialect, List, Listed, Part, Route, check};
use crate::{
    ChangePage, ChangeScope, Event, Failure, FileChange,
    http::{Error, Request, Response},
};

/// `is_current` fails when a merge request ends elsewhere by now than the event says.
pub(super) fn changes<D: Dialect>(
    client: &Client<D>,
    event: &Event,
    from: Option<&str>,
    is_current: impl FnOnce(u64) -> Result<(), Failure>,
) -> Result<ChangePage, Failure> {
    match Route::of(event)? {
        Route::Nothing if from.is_none() => Ok(ChangePage::last(Vec::new(), ChangeScope::Whole)),
        Route::MergeRequest(number) => {
            if from.is_none() {
                is_current(number)?;
            }
            D::merge_request(client, number, from)
        }
        Route::Compare { from: base, to } if from.is_none() => {
            D::compare(client, event, &base, &to)
        }
        Route::Commit(sha) | Route::Compare { to: sha, .. } => D::commit(client, &sha, from),
        Route::Nothing => Err(no_such_part()),
    }
}

/// What a host says of the way between two commits.
pub enum Compared {
    Told(Response),
    TooLarge,
    /// After a forced push the commit before may be gone.
    Gone,
}

pub fn compared(request: Request) -> Result<Compared, Failure> {
    match request.send() {
        Err(Error::TooLarge) => Ok(Compared::TooLarge),
        Ok(answer) if answer.status == 404 => Ok(Compared::Gone),
        answer => Ok(Compared::Told(check(answer?)?)),
    }
}

/// For a list that has no parts.
pub fn in_one_part(from: Option<&str>) -> Result<(), Failure> {
    match from {
        None => Ok(()),
        Some(_) => Err(no_such_part()),
    }
}

pub(super) fn no_such_part() -> Failure {
    Failure::rejected("the event has no such part")
}

impl Part {
    /// The part of `list` that a former part named as its `next`, or else the first.
    pub fn of(list: List, from: Option<&str>) -> Result<Self, Failure> {
        let Some(from) = from else {
            return Ok(Self::first(list));
        };
        let part = Self::parse(from)?;
        match part.list == list {
            true => Ok(part),
            false => Err(no_such_part()),
        }
    }
}

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

    /// With the files of a host's list, and no part after it. `normalised` gives none for an entry
    /// that is about no file that changed.
    pub fn listed<T, const MOST: usize>(
        list: Listed<T, MOST>,
        scope: ChangeScope,
        normalised: fn(T) -> Option<FileChange>,
    ) -> Self {
        let files = list.entries.into_iter().filter_map(normalised);
        Self {
            truncated: list.cut,
            ..Self::last(files.collect(), scope)
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
