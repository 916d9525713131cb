//! What somebody said of a pull request or of a commit.

use crate::{
    parts::{RepositoryPayload, User},
    pull_request::PullRequest,
};
use push_notify_sdk::{
    Comment, Event, Rejection,
    delivery::{Id, commit_subject, merge_request_subject, missing, not_ours, present, time},
};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RemarkEvent {
    comment: Option<CommentPayload>,
    pull_request: Option<PullRequest>,
    commit: Option<String>,
    repository: Option<RepositoryPayload>,
    date: Option<String>,
    actor: Option<User>,
}

#[derive(Deserialize)]
struct CommentPayload {
    id: Option<Id>,
    text: Option<String>,
    anchor: Option<Anchor>,
}

/// Where it is about a line; older servers do not tell.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Anchor {
    path: Option<String>,
    line: Option<u32>,
    /// `REMOVED` is one of the old file.
    line_type: Option<String>,
}

pub(crate) fn on_request(payload: RemarkEvent, action: &str) -> Result<Event, Rejection> {
    let comment = payload.comment.ok_or_else(|| missing("comment"))?;
    let request = payload.pull_request.ok_or_else(|| missing("pullRequest"))?;
    let (request, repository) = request.normalised()?;
    let comment = comment.normalised(request.url.as_deref())?;
    Ok(Event {
        happened_at: time(payload.date),
        subject: Some(merge_request_subject(&request)),
        state: Some(request.state.clone()),
        after: request.head_sha.clone(),
        merge_request: Some(request),
        actor: payload.actor.and_then(User::person),
        repository,
        ..Event::of_comment(action, comment)
    })
}

pub(crate) fn on_commit(payload: RemarkEvent, action: &str) -> Result<Event, Rejection> {
    let comment = payload.comment.ok_or_else(|| missing("comment"))?;
    let sha = present(payload.commit).ok_or_else(|| missing("commit"))?;
    Ok(Event {
        happened_at: time(payload.date),
        subject: Some(commit_subject(&sha)),
        after: Some(sha),
        actor: payload.actor.and_then(User::person),
        repository: RepositoryPayload::normalised(payload.repository)?,
        ..Event::of_comment(action, comment.normalised(None)?)
    })
}

impl CommentPayload {
    /// Ours is refused. `page` is that of the pull request.
    fn normalised(self, page: Option<&str>) -> Result<Comment, Rejection> {
        let text = self.text.unwrap_or_default();
        not_ours(&text)?;
        let id = self.id.map(|id| id.0);
        let url = page.zip(id.as_deref());
        let url = url.map(|(page, id)| format!("{page}/overview?commentId={id}"));
        let is_new = |anchor: &Anchor| anchor.line_type.as_deref() != Some("REMOVED");
        let line = self.anchor.as_ref().filter(|anchor| is_new(anchor));
        Ok(Comment {
            line: line.and_then(|anchor| anchor.line.filter(|line| *line > 0)),
            path: self.anchor.and_then(|anchor| present(anchor.path)),
            id,
            text,
            url,
        })
    }
}
