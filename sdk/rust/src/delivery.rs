//! What providers have in common: reading deliveries of up to 25 MiB from anybody, with little
//! memory and without a panic. The hosts' push payloads list commits in one form, GitHub's.

mod body;
mod budget;
mod commits;
mod event;
mod listed;
mod ours;
mod payload;
mod proof;
mod refusal;
mod shorten;
mod time;

pub use body::{excerpt, json, parse};
pub use budget::fitting;
pub use commits::{Commits, HeadCommit, LONGEST_LIST, NewestFirst};
pub use event::{
    MergeRequestAction, commit_subject, issue_subject, merge_request_subject, pipeline_subject,
};
pub use listed::Listed;
pub use ours::{HTML_COMMENT, LINK_DEFINITION, OWN_MARK, OWN_STATUS, not_ours};
pub use payload::{
    AccountPayload, Accounts, CommentPayload, DiscussionEvent, Id, IssuePayload, Labels,
    ReleaseEvent, RepositoryPayload, StatusEvent, WorkflowEvent, comment_action, concluded,
};
pub use proof::{authorization, plain_or_query_secret, plain_secret, signed_body};
pub use refusal::{missing, of_no_interest, secret, unauthenticated};
pub use shorten::LONGEST_TEXT;
pub use time::time;

use crate::{Person, Rejection};

/// Nobody when nothing is known.
pub fn person(
    name: Option<String>,
    email: Option<String>,
    login: Option<String>,
    avatar_url: Option<String>,
) -> Option<Person> {
    let person = Person {
        name: present(name),
        email: present(email),
        login: present(login),
        avatar_url: present(avatar_url),
    };
    (person != Person::default()).then_some(person)
}

/// Empty text says as little as none.
pub fn present(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.is_empty())
}

/// A ref by what it names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Named {
    Branch(String),
    Tag(String),
}

impl Named {
    /// Anything but branches and tags is of no interest.
    pub fn parse(full: &str) -> Result<Self, Rejection> {
        if let Some(branch) = full.strip_prefix("refs/heads/") {
            Ok(Self::Branch(branch.to_owned()))
        } else if let Some(tag) = full.strip_prefix("refs/tags/") {
            Ok(Self::Tag(tag.to_owned()))
        } else {
            let full = excerpt(full);
            Err(Rejection::Ignored(format!(
                "{full} is neither a branch nor a tag"
            )))
        }
    }

    /// The kind of event that a push to it is, and the branch or the tag.
    pub fn pushed(self) -> (String, Option<String>, Option<String>) {
        match self {
            Self::Branch(branch) => ("push".to_owned(), Some(branch), None),
            Self::Tag(tag) => ("tag_push".to_owned(), None, Some(tag)),
        }
    }
}

/// Whether a SHA stands for "nothing". SHA-256 repositories have 64 zeros, so the length is not
/// looked at.
pub fn is_zero(sha: &str) -> bool {
    !sha.is_empty() && sha.bytes().all(|byte| byte == b'0')
}

/// Where the host shows what a push changed, unless that leads nowhere: of a ref that is new or
/// gone, some hosts name nothing to compare it with, or zeros.
pub fn compare_url(url: Option<String>) -> Option<String> {
    url.filter(|url| {
        let ends = url.split_once("/compare/").map(|(_, ends)| ends);
        ends.is_some_and(|ends| !ends.is_empty() && !ends.split("...").any(is_zero))
    })
}

/// Whether a push made its ref, and whether it took it away: as the host says, or else by the
/// commits before and after. One that did both did neither: it is a test, as Gitea sends it for an
/// empty repository, with zeros for both commits.
pub fn made_and_gone(
    created: Option<bool>,
    deleted: Option<bool>,
    before: Option<&str>,
    after: Option<&str>,
) -> (Option<bool>, Option<bool>) {
    let (from_nothing, to_nothing) = (before.map(is_zero), after.map(is_zero));
    let created = created.or(from_nothing);
    let deleted = deleted.or(to_nothing);
    let both = [(created, deleted), (from_nothing, to_nothing)];
    match both.contains(&(Some(true), Some(true))) {
        true => (Some(false), Some(false)),
        false => (created, deleted),
    }
}

#[cfg(test)]
mod tests;
