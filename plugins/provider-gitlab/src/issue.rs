//! `issue`: opened, changed, closed or reopened. Of what is confidential nobody is told.

use crate::{
    change::{Changed, Changes},
    payload::{Account, People, Project, confidential, issue_state},
    time::rfc3339,
};
use push_notify_sdk::{
    Event, Issue, Rejection,
    delivery::{Labels, missing, of_no_interest, present},
};
use serde::Deserialize;

#[derive(Deserialize)]
pub(crate) struct IssueEvent {
    event_type: Option<String>,
    user: Option<Account>,
    project: Option<Project>,
    object_attributes: Option<Attributes>,
    changes: Option<Changes>,
    labels: Option<Labels>,
    assignees: Option<People>,
}

#[derive(Deserialize)]
struct Attributes {
    /// The number within the project; `id` is another.
    iid: Option<u64>,
    title: Option<String>,
    description: Option<String>,
    state: Option<String>,
    action: Option<String>,
    url: Option<String>,
    author_id: Option<i64>,
    confidential: Option<bool>,
    updated_at: Option<String>,
}

pub(crate) fn event(payload: IssueEvent) -> Result<Event, Rejection> {
    let attributes = payload
        .object_attributes
        .ok_or_else(|| missing("object_attributes"))?;
    let is_confidential = payload.event_type.as_deref() == Some("confidential_issue");
    if is_confidential || attributes.confidential == Some(true) {
        return Err(confidential());
    }
    let action = match attributes.action.as_deref() {
        Some("open") => "opened",
        Some("close") => "closed",
        Some("reopen") => "reopened",
        Some("update") => updated(payload.changes.unwrap_or_default())?,
        Some(other) => return Err(of_no_interest("issue action", other)),
        // As GitLab's "Test" sends it.
        None => {
            let reason = "nothing was done to the issue";
            return Err(Rejection::Ignored(reason.to_owned()));
        }
    };
    let actor = payload.user;
    let number = attributes
        .iid
        .ok_or_else(|| missing("object_attributes.iid"))?;
    // Of the author there is only the id.
    let is_author = |actor: &&Account| actor.id.is_some() && actor.id == attributes.author_id;
    let issue = Issue {
        number: number.to_string(),
        title: attributes.title.unwrap_or_default(),
        text: present(attributes.description),
        state: issue_state(attributes.state.as_deref()).to_owned(),
        url: present(attributes.url),
        author: actor
            .as_ref()
            .filter(is_author)
            .cloned()
            .and_then(Account::person),
        labels: Labels::names(payload.labels),
        assignees: People::persons(payload.assignees),
    };
    Ok(Event {
        happened_at: attributes.updated_at.as_deref().and_then(rfc3339),
        actor: actor.and_then(Account::person),
        repository: Project::normalised(payload.project)?,
        ..Event::of_issue(action, issue)
    })
}

fn updated(changes: Changes) -> Result<&'static str, Rejection> {
    match changes.most() {
        Changed::Assignees => Ok("assigned"),
        Changed::Labels => Ok("labeled"),
        Changed::Words => Ok("edited"),
        Changed::Ready | Changed::Reviewers | Changed::Nothing => {
            let reason = "nothing changed in the issue that anybody is told of";
            Err(Rejection::Ignored(reason.to_owned()))
        }
    }
}
