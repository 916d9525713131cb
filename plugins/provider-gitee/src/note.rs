//! `note_hooks`: a comment on a merge request, an issue or a commit.

use crate::{
    merge_request::PullRequest,
    payload::{Repository, first},
};
use push_notify_sdk::{
    Comment, Event, Rejection,
    delivery::{
        AccountPayload, Id, IssuePayload, commit_subject, issue_subject, merge_request_subject,
        missing, not_ours, of_no_interest, present,
    },
};
use serde::Deserialize;

#[derive(Deserialize)]
pub(crate) struct NoteEvent {
    action: Option<String>,
    comment: Option<Note>,
    noteable_type: Option<String>,
    issue: Option<IssuePayload>,
    pull_request: Option<PullRequest>,
    /// The start of the commit's SHA.
    short_commit_id: Option<String>,
    url: Option<String>,
    author: Option<AccountPayload>,
    sender: Option<AccountPayload>,
    repository: Option<Repository>,
    project: Option<Repository>,
}

#[derive(Deserialize)]
struct Note {
    id: Option<Id>,
    body: Option<String>,
    html_url: Option<String>,
    user: Option<AccountPayload>,
    created_at: Option<String>,
    updated_at: Option<String>,
}

pub(crate) fn event(payload: NoteEvent) -> Result<Event, Rejection> {
    let action = present(payload.action).ok_or_else(|| missing("action"))?;
    let note = payload.comment.ok_or_else(|| missing("comment"))?;
    let about = present(payload.noteable_type).ok_or_else(|| missing("noteable_type"))?;
    let action = match action.as_str() {
        "comment" => "created",
        "edited" => "edited",
        "deleted" => "deleted",
        other => return Err(of_no_interest("note action", other)),
    };
    let text = note.body.unwrap_or_default();
    not_ours(&text)?;
    let comment = Comment {
        id: note.id.map(|id| id.0),
        text,
        url: first(note.html_url, payload.url),
        ..Comment::default()
    };
    let when = match action {
        "created" => note.created_at,
        _ => note.updated_at,
    };
    let people = [payload.sender, payload.author, note.user];
    let event = Event {
        happened_at: present(when),
        actor: people
            .into_iter()
            .flatten()
            .find_map(AccountPayload::person),
        repository: Repository::normalised(payload.repository, payload.project)?,
        ..Event::of_comment(action, comment)
    };
    match about.as_str() {
        "PullRequest" => {
            let request = payload.pull_request.and_then(PullRequest::mentioned);
            Ok(Event {
                subject: request.as_ref().map(merge_request_subject),
                state: request.as_ref().map(|request| request.state.clone()),
                merge_request: request,
                ..event
            })
        }
        "Issue" => {
            let issue = payload.issue.map(IssuePayload::normalised).transpose()?;
            Ok(Event {
                subject: issue.as_ref().map(issue_subject),
                state: issue.as_ref().map(|issue| issue.state.clone()),
                issue,
                ..event
            })
        }
        "Commit" => {
            let commit = present(payload.short_commit_id);
            Ok(Event {
                subject: commit.as_deref().map(commit_subject),
                after: commit,
                ..event
            })
        }
        other => Err(of_no_interest("a note on", other)),
    }
}
