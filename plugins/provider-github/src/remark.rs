//! `pull_request_review_comment`, on a line of a merge request, and `commit_comment`.

use crate::pull_request::PullRequest;
use push_notify_sdk::{
    Event, Rejection,
    delivery::{
        AccountPayload, CommentPayload, RepositoryPayload, comment_action, commit_subject,
        merge_request_subject, missing, present,
    },
};
use serde::Deserialize;

#[derive(Deserialize)]
pub(crate) struct RemarkEvent {
    action: Option<String>,
    comment: Option<CommentPayload>,
    pull_request: Option<PullRequest>,
    repository: Option<RepositoryPayload>,
    sender: Option<AccountPayload>,
}

pub(crate) fn on_merge_request(payload: RemarkEvent) -> Result<Event, Rejection> {
    let (event, _, request) = event("pull_request_review_comment action", payload)?;
    let request = request.ok_or_else(|| missing("pull_request"))?.normalised();
    Ok(Event {
        subject: Some(merge_request_subject(&request)),
        state: Some(request.state.clone()),
        merge_request: Some(request),
        ..event
    })
}

pub(crate) fn on_commit(payload: RemarkEvent) -> Result<Event, Rejection> {
    let (event, commit, _) = event("commit_comment action", payload)?;
    Ok(Event {
        subject: commit.as_deref().map(commit_subject),
        after: commit,
        ..event
    })
}

/// With the commit and the merge request that it is about.
fn event(
    what: &str,
    payload: RemarkEvent,
) -> Result<(Event, Option<String>, Option<PullRequest>), Rejection> {
    let action = present(payload.action).ok_or_else(|| missing("action"))?;
    let comment = payload.comment.ok_or_else(|| missing("comment"))?;
    let action = comment_action(what, &action)?;
    let commit = comment.commit();
    let event = Event {
        happened_at: comment.happened_at(action),
        actor: payload.sender.and_then(AccountPayload::person),
        repository: RepositoryPayload::normalised(payload.repository)?,
        ..Event::of_comment(action, comment.normalised()?)
    };
    Ok((event, commit, payload.pull_request))
}
