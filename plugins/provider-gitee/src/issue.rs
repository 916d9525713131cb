//! `issue_hooks`: opened, changed, closed or reopened. Gitee's issues have words for numbers, and
//! more states than two.

use crate::payload::Repository;
use push_notify_sdk::{
    Event, Issue, Rejection,
    delivery::{AccountPayload, Id, IssuePayload, missing, of_no_interest, present},
};
use serde::Deserialize;

#[derive(Deserialize)]
pub(crate) struct IssueEvent {
    action: Option<String>,
    issue: Option<IssuePayload>,
    // Gitee repeats some of it beside the object.
    iid: Option<Id>,
    title: Option<String>,
    description: Option<String>,
    state: Option<String>,
    url: Option<String>,
    user: Option<AccountPayload>,
    sender: Option<AccountPayload>,
    updated_by: Option<AccountPayload>,
    repository: Option<Repository>,
    project: Option<Repository>,
}

pub(crate) fn event(payload: IssueEvent) -> Result<Event, Rejection> {
    let action = present(payload.action).ok_or_else(|| missing("action"))?;
    let state = payload.issue.as_ref().and_then(IssuePayload::state);
    let state = present(payload.state).or(state);
    let happened_at = payload.issue.as_ref().and_then(IssuePayload::updated_at);
    let mut issue = match payload.issue {
        Some(issue) => issue.normalised()?,
        None => Issue {
            number: payload.iid.ok_or_else(|| missing("issue"))?.0,
            author: payload.user.and_then(AccountPayload::person),
            ..Issue::default()
        },
    };
    if let Some(state) = &state {
        let is_closed = matches!(state.as_str(), "closed" | "close" | "rejected");
        issue.state = if is_closed { "closed" } else { "open" }.to_owned();
    } else if issue.state.is_empty() {
        issue.state = "open".to_owned();
    }
    if issue.title.is_empty() {
        issue.title = payload.title.unwrap_or_default();
    }
    issue.text = issue.text.or_else(|| present(payload.description));
    issue.url = issue.url.or_else(|| present(payload.url));
    let action = match (action.as_str(), state.as_deref()) {
        ("open", _) => "opened",
        ("assign", _) => "assigned",
        ("update_label", _) => "labeled",
        ("update" | "update_title" | "update_description", _) => "edited",
        ("close", _) | ("state_change", Some("closed" | "close" | "rejected")) => "closed",
        ("reopen", _) | ("state_change", Some("open")) => "reopened",
        ("state_change", Some(other)) => return Err(of_no_interest("issue state", other)),
        ("state_change", None) => return Err(missing("state")),
        (other, _) => return Err(of_no_interest("issue action", other)),
    };
    Ok(Event {
        happened_at,
        actor: payload
            .sender
            .and_then(AccountPayload::person)
            .or_else(|| payload.updated_by.and_then(AccountPayload::person)),
        repository: Repository::normalised(payload.repository, payload.project)?,
        ..Event::of_issue(action, issue)
    })
}
