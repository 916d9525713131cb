//! What somebody said of a pull request or of a commit.

use crate::{
    parts::{Account, Content, Hash, Links, RepositoryPayload},
    pull_request::PullRequest,
};
use push_notify_sdk::{
    Comment, Event, Rejection,
    delivery::{Id, commit_subject, merge_request_subject, missing, not_ours, present},
};
use serde::Deserialize;

#[derive(Deserialize)]
pub(crate) struct RemarkEvent {
    comment: Option<CommentPayload>,
    pullrequest: Option<PullRequest>,
    commit: Option<Hash>,
    repository: Option<RepositoryPayload>,
    actor: Option<Account>,
}

#[derive(Deserialize)]
pub(crate) struct CommentPayload {
    id: Option<Id>,
    content: Option<Content>,
    inline: Option<Inline>,
    created_on: Option<String>,
    updated_on: Option<String>,
    links: Option<Links>,
}

/// `from` is the line in the old file, `to` in the new one.
#[derive(Deserialize)]
struct Inline {
    path: Option<String>,
    to: Option<u32>,
}

pub(crate) fn on_request(payload: RemarkEvent, action: &str) -> Result<Event, Rejection> {
    let repository = RepositoryPayload::normalised(payload.repository)?;
    let comment = payload.comment.ok_or_else(|| missing("comment"))?;
    let request = payload.pullrequest.ok_or_else(|| missing("pullrequest"))?;
    let request = request.normalised(&repository.full_name)?;
    Ok(Event {
        happened_at: comment.happened_at(action),
        subject: Some(merge_request_subject(&request)),
        state: Some(request.state.clone()),
        after: request.head_sha.clone(),
        merge_request: Some(request),
        actor: payload.actor.and_then(Account::person),
        repository,
        ..Event::of_comment(action, comment.normalised()?)
    })
}

pub(crate) fn on_commit(payload: RemarkEvent) -> Result<Event, Rejection> {
    let comment = payload.comment.ok_or_else(|| missing("comment"))?;
    let sha = Hash::of(payload.commit).ok_or_else(|| missing("commit.hash"))?;
    Ok(Event {
        happened_at: comment.happened_at("created"),
        subject: Some(commit_subject(&sha)),
        after: Some(sha),
        actor: payload.actor.and_then(Account::person),
        repository: RepositoryPayload::normalised(payload.repository)?,
        ..Event::of_comment("created", comment.normalised()?)
    })
}

impl CommentPayload {
    /// Ours is refused.
    pub(crate) fn normalised(self) -> Result<Comment, Rejection> {
        let text = Content::text(self.content).unwrap_or_default();
        not_ours(&text)?;
        let (path, line) = match self.inline {
            Some(inline) => (present(inline.path), inline.to.filter(|line| *line > 0)),
            None => (None, None),
        };
        Ok(Comment {
            id: self.id.map(|id| id.0),
            text,
            url: Links::page(self.links),
            path,
            line,
        })
    }

    pub(crate) fn happened_at(&self, action: &str) -> Option<String> {
        match action {
            "created" => present(self.created_on.clone()),
            _ => present(self.updated_on.clone()),
        }
    }
}
