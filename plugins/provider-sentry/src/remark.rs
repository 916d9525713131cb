//! `comment`: what somebody said of an issue.

use crate::{
    hook::{Actor, Hook},
    level::{project, subject},
};
use push_notify_sdk::{
    Comment, Event, Rejection,
    delivery::{Id, missing, of_no_interest, present},
};
use serde::Deserialize;

#[derive(Deserialize)]
pub(crate) struct Data {
    comment: Option<String>,
    comment_id: Option<Id>,
    issue_id: Option<Id>,
    project_slug: Option<String>,
    timestamp: Option<String>,
}

pub(crate) fn event(hook: Hook<Data>) -> Result<Event, Rejection> {
    let action = present(hook.action).ok_or_else(|| missing("action"))?;
    let action = match action.as_str() {
        "created" => "created",
        "updated" => "edited",
        "deleted" => "deleted",
        other => return Err(of_no_interest("comment action", other)),
    };
    let data = hook.data.ok_or_else(|| missing("data"))?;
    let issue = data.issue_id.and_then(|id| present(Some(id.0)));
    let issue = issue.ok_or_else(|| missing("data.issue_id"))?;
    let comment = Comment {
        id: data.comment_id.map(|id| id.0),
        text: data.comment.unwrap_or_default(),
        ..Comment::default()
    };
    Ok(Event {
        subject: Some(subject(&issue)),
        happened_at: present(data.timestamp),
        actor: Actor::person(hook.actor),
        repository: project(present(data.project_slug)),
        ..Event::of_comment(action, comment)
    })
}
