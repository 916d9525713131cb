//! `note`: a comment on a merge request, an issue or a commit. Of what is confidential, and of what
//! GitLab itself notes, nobody is told.

use crate::{
    payload::{Account, Mentioned, Project, confidential},
    time::rfc3339,
};
use push_notify_sdk::{
    Comment, Event, Rejection,
    delivery::{
        Id, commit_subject, issue_subject, merge_request_subject, missing, not_ours,
        of_no_interest, present,
    },
};
use serde::Deserialize;

#[derive(Deserialize)]
pub(crate) struct NoteEvent {
    event_type: Option<String>,
    user: Option<Account>,
    project: Option<Project>,
    object_attributes: Option<Note>,
    merge_request: Option<Mentioned>,
    issue: Option<Mentioned>,
}

#[derive(Deserialize)]
struct Note {
    id: Option<Id>,
    note: Option<String>,
    noteable_type: Option<String>,
    /// Older servers send none, and only of what is new.
    action: Option<String>,
    url: Option<String>,
    commit_id: Option<String>,
    system: Option<bool>,
    internal: Option<bool>,
    confidential: Option<bool>,
    position: Option<Position>,
    created_at: Option<String>,
    updated_at: Option<String>,
}

#[derive(Default, Deserialize)]
struct Position {
    new_path: Option<String>,
    new_line: Option<u32>,
    old_path: Option<String>,
}

pub(crate) fn event(payload: NoteEvent) -> Result<Event, Rejection> {
    let note = payload
        .object_attributes
        .ok_or_else(|| missing("object_attributes"))?;
    let about = note.noteable_type.as_deref();
    let about = about.ok_or_else(|| missing("object_attributes.noteable_type"))?;
    let is_hidden = payload.event_type.as_deref() == Some("confidential_note")
        || note.internal == Some(true)
        || note.confidential == Some(true)
        || payload
            .issue
            .as_ref()
            .is_some_and(Mentioned::is_confidential);
    if is_hidden {
        return Err(confidential());
    }
    if note.system == Some(true) {
        return Err(Rejection::Ignored("a note of GitLab's own".to_owned()));
    }
    let action = match note.action.as_deref() {
        None | Some("create") => "created",
        Some("update") => "edited",
        Some("delete") => "deleted",
        Some(other) => return Err(of_no_interest("note action", other)),
    };
    let text = note.note.unwrap_or_default();
    not_ours(&text)?;
    let position = note.position.unwrap_or_default();
    let comment = Comment {
        id: note.id.map(|id| id.0),
        text,
        url: present(note.url),
        path: present(position.new_path).or_else(|| present(position.old_path)),
        line: position.new_line,
    };
    let when = match action {
        "created" => note.created_at,
        _ => note.updated_at,
    };
    let event = Event {
        happened_at: when.as_deref().and_then(rfc3339),
        actor: payload.user.and_then(Account::person),
        repository: Project::normalised(payload.project)?,
        ..Event::of_comment(action, comment)
    };
    match about {
        "MergeRequest" => {
            let request = payload.merge_request.map(Mentioned::merge_request);
            let request = request.transpose()?;
            Ok(Event {
                subject: request.as_ref().map(merge_request_subject),
                state: request.as_ref().map(|request| request.state.clone()),
                merge_request: request,
                ..event
            })
        }
        "Issue" | "WorkItem" => {
            let issue = payload.issue.map(Mentioned::issue).transpose()?;
            Ok(Event {
                subject: issue.as_ref().map(issue_subject),
                state: issue.as_ref().map(|issue| issue.state.clone()),
                issue,
                ..event
            })
        }
        "Commit" => {
            let commit = present(note.commit_id);
            Ok(Event {
                subject: commit.as_deref().map(commit_subject),
                after: commit,
                ..event
            })
        }
        other => Err(of_no_interest("a note on", other)),
    }
}
