use super::{Fault, File};
use crate::{Request, Response};
use serde_json::{Value, json};
use std::collections::HashMap;

/// A comment at a line. What a host's API does not ask for is absent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inline {
    pub id: u64,
    /// With which it came.
    pub review: Option<u64>,
    pub merge_request: u64,
    pub commit: Option<String>,
    pub path: String,
    pub old_path: Option<String>,
    /// In the new file.
    pub line: Option<u64>,
    pub old_line: Option<u64>,
    /// In the diff.
    pub position: Option<u64>,
    pub body: String,
}

/// A comment on the whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    pub id: u64,
    pub on: On,
    pub body: String,
    /// How often it was changed.
    pub edits: usize,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum On {
    MergeRequest(u64),
    Commit(String),
}

/// Of a commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    pub commit: String,
    /// In the host's words.
    pub state: String,
    pub context: String,
    pub description: String,
    pub url: Option<String>,
}

/// A review as such.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    pub id: u64,
    pub merge_request: u64,
    /// In the host's words.
    pub event: String,
    pub body: String,
    /// What it decided was taken back.
    pub dismissed: bool,
}

pub(super) struct MergeRequest {
    pub(super) head: String,
    pub(super) files: Vec<File>,
    pub(super) own: bool,
}

/// What a host knows of its repository, and what it was told.
pub(super) struct Books {
    pub(super) path: String,
    pub(super) token: String,
    pub(super) public: bool,
    pub(super) merge_requests: HashMap<u64, MergeRequest>,
    /// By base and head.
    pub(super) compares: HashMap<(String, String), Vec<File>>,
    pub(super) commits: HashMap<String, Vec<File>>,
    /// By commit and path.
    pub(super) contents: HashMap<(String, String), Vec<u8>>,
    pub(super) inline: Vec<Inline>,
    pub(super) comments: Vec<Comment>,
    pub(super) statuses: Vec<Status>,
    pub(super) verdicts: Vec<Verdict>,
    pub(super) faults: Vec<Fault>,
    last_id: u64,
}

impl Books {
    pub(super) fn new(path: &str, token: &str) -> Self {
        Self {
            path: path.to_owned(),
            token: token.to_owned(),
            public: false,
            merge_requests: HashMap::new(),
            compares: HashMap::new(),
            commits: HashMap::new(),
            contents: HashMap::new(),
            inline: Vec::new(),
            comments: Vec::new(),
            statuses: Vec::new(),
            verdicts: Vec::new(),
            faults: Vec::new(),
            last_id: 1000,
        }
    }

    pub(super) fn fault(&mut self, request: &Request) -> Option<Response> {
        self.faults.iter_mut().find_map(|fault| fault.take(request))
    }

    pub(super) fn next_id(&mut self) -> u64 {
        self.last_id += 1;
        self.last_id
    }

    /// Whether anybody may see this commit: it is the head of something, or something was said of
    /// it.
    pub(super) fn has_commit(&self, sha: &str) -> bool {
        self.commits.contains_key(sha)
            || self.compares.keys().any(|(_, head)| head == sha)
            || self.merge_requests.values().any(|one| one.head == sha)
    }

    /// A new comment's id.
    pub(super) fn comment(&mut self, on: On, body: &str) -> u64 {
        let id = self.next_id();
        self.comments.push(Comment {
            id,
            on,
            body: body.to_owned(),
            edits: 0,
        });
        id
    }

    /// The comments of one merge request, from the oldest on, as most hosts list them.
    pub(super) fn listed(&self, merge_request: u64) -> Vec<Value> {
        let on = On::MergeRequest(merge_request);
        let comments = self.comments.iter().filter(|comment| comment.on == on);
        comments
            .map(|comment| json!({"id": comment.id, "body": comment.body}))
            .collect()
    }

    /// Those at its lines.
    pub(super) fn listed_at_lines(&self, merge_request: u64) -> Vec<Value> {
        let at_lines = self.inline.iter();
        at_lines
            .filter(|inline| inline.merge_request == merge_request)
            .map(|inline| json!({"id": inline.id, "path": inline.path, "line": inline.line, "body": inline.body}))
            .collect()
    }

    /// A review as such, unless there is none.
    pub(super) fn dismiss(&mut self, id: &str) -> bool {
        let mut verdicts = self.verdicts.iter_mut();
        let verdict = verdicts.find(|verdict| verdict.id.to_string() == id);
        let found = verdict.is_some();
        if let Some(verdict) = verdict {
            verdict.dismissed = true;
        }
        found
    }

    /// Whether there was a comment to change.
    pub(super) fn edit(&mut self, id: u64, body: &str) -> bool {
        let comment = self.comments.iter_mut().find(|comment| comment.id == id);
        let found = comment.is_some();
        if let Some(comment) = comment {
            comment.body = body.to_owned();
            comment.edits += 1;
        }
        found
    }
}

/// The items of the page that the query asks for, and the last page's number. `size` is the query's
/// name of a page's size.
pub(super) fn page<'a, T>(
    request: &Request,
    items: &'a [T],
    size: &str,
    usual: usize,
    most: usize,
) -> (&'a [T], usize, usize) {
    let query = request.query();
    let number = |name: &str| query.get(name).and_then(|value| value.parse().ok());
    let size = number(size).unwrap_or(usual).clamp(1, most);
    let page = number("page").unwrap_or(1).max(1);
    let pages = items.chunks(size).nth(page - 1).unwrap_or_default();
    (pages, page, items.len().div_ceil(size).max(1))
}

/// Without percent-encoding.
pub(super) fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let escaped = match rest {
            [b'%', digits @ ..] => digits
                .first_chunk::<2>()
                .and_then(|digits| hex::decode(digits).ok()),
            _ => None,
        };
        rest = match escaped {
            Some(byte) => {
                bytes.extend(byte);
                &rest[3..]
            }
            None => {
                bytes.push(*first);
                after
            }
        };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
