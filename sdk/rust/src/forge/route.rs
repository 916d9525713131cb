use crate::{Event, Failure, delivery::is_zero};
use std::fmt;

/// Files on one page of a list: as many as hosts give.
const PAGE: u32 = 100;

/// By what the host is asked for the changes of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Route {
    /// The ref is gone.
    Nothing,
    /// By its number.
    MergeRequest(u64),
    /// From a commit or branch to a commit.
    Compare {
        from: String,
        to: String,
    },
    Commit(String),
}

impl Route {
    /// A push is compared with what was there before, a new branch with the default branch. What is
    /// new and has nothing to be compared with is told by its newest commit.
    pub fn of(event: &Event) -> Result<Self, Failure> {
        if let Some(request) = &event.merge_request {
            return Ok(Self::MergeRequest(request.number));
        }
        if event.deleted == Some(true) || event.after.as_deref().is_some_and(is_zero) {
            return Ok(Self::Nothing);
        }
        let to = head(event)?.to_owned();
        let before = event.before.as_deref().filter(|before| !is_zero(before));
        let from = match before {
            Some(before) if event.created != Some(true) => Some(sha(before)?),
            _ => {
                let default = event.repository.default_branch.as_deref();
                default.filter(|default| {
                    event.branch.is_some()
                        && event.branch.as_deref() != Some(default)
                        && !default.is_empty()
                })
            }
        };
        Ok(match from {
            Some(from) => Self::Compare {
                from: from.to_owned(),
                to,
            },
            None => Self::Commit(to),
        })
    }
}

/// The commit that the event ends at.
pub fn head(event: &Event) -> Result<&str, Failure> {
    let head = match &event.merge_request {
        Some(request) => request.head_sha.as_deref(),
        None => event.after.as_deref(),
    };
    sha(head.unwrap_or_default())
}

/// Fails when a merge request ends elsewhere by now than the event says: its files are those of its
/// newest commit, and a review of them would be published as one of another. What is not known
/// counts as unchanged.
pub fn same_head(event: &Event, now: Option<&str>) -> Result<(), Failure> {
    let request = event.merge_request.as_ref();
    let then = request.and_then(|request| request.head_sha.as_deref());
    match (then, now) {
        (Some(then), Some(now)) if !then.is_empty() && !now.eq_ignore_ascii_case(then) => {
            Err(Failure::rejected("the merge request has newer commits"))
        }
        _ => Ok(()),
    }
}

/// Itself when it is one. A payload says what it likes, and what it says becomes a part of an
/// address.
pub fn sha(text: &str) -> Result<&str, Failure> {
    let is_sha =
        (4..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    match is_sha {
        true => Ok(text),
        false => Err(Failure::rejected("the event does not name its commit")),
    }
}

/// The host's list that tells the changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum List {
    MergeRequest,
    Compare,
    Commit,
}

/// One page of a list. Its text is what `changes` gives as `next`, and gets back as `from`: a later
/// part takes the same way, also where the first one had to leave the usual one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    pub list: List,
    /// From 1.
    pub page: u32,
    /// Files on it.
    pub size: u32,
}

impl Part {
    pub fn first(list: List) -> Self {
        let (page, size) = (1, PAGE);
        Self { list, page, size }
    }

    pub fn parse(text: &str) -> Result<Self, Failure> {
        let unknown = || Failure::rejected("there is no such part of the changes");
        let mut words = text.split(':');
        let list = match words.next() {
            Some("merge-request") => List::MergeRequest,
            Some("compare") => List::Compare,
            Some("commit") => List::Commit,
            _ => return Err(unknown()),
        };
        let mut number = || {
            let number = words.next()?.parse::<u32>().ok()?;
            (1..=1_000_000).contains(&number).then_some(number)
        };
        let (page, size) = (number(), number());
        match (page, size, words.next()) {
            (Some(page), Some(size), None) if size <= PAGE => Ok(Self { list, page, size }),
            _ => Err(unknown()),
        }
    }

    pub fn next(self) -> Self {
        let page = self.page.saturating_add(1);
        Self { page, ..self }
    }

    /// The first tenth of it, for an answer that was too large. None: a single file was.
    pub fn smaller(self) -> Option<Self> {
        let size = (self.size > 1).then_some(self.size.div_ceil(10))?;
        let before = (self.page - 1).saturating_mul(self.size);
        Some(Self {
            list: self.list,
            page: before / size + 1,
            size,
        })
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = match self.list {
            List::MergeRequest => "merge-request",
            List::Compare => "compare",
            List::Commit => "commit",
        };
        write!(f, "{list}:{}:{}", self.page, self.size)
    }
}
