//! `issue`: what became of one.

use crate::{
    hook::{Actor, Hook},
    level::{project, severity, subject},
};
use push_notify_sdk::{
    Event, Field, Issue, Person, Rejection,
    delivery::{Id, missing, of_no_interest, person, present},
};
use serde::Deserialize;

#[derive(Deserialize)]
pub(crate) struct Data {
    issue: Option<IssuePayload>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct IssuePayload {
    id: Option<Id>,
    short_id: Option<String>,
    title: Option<String>,
    culprit: Option<String>,
    level: Option<String>,
    status: Option<String>,
    permalink: Option<String>,
    #[serde(rename = "web_url")]
    web_url: Option<String>,
    project: Option<Project>,
    assigned_to: Option<Assignee>,
    last_seen: Option<String>,
    count: Option<Id>,
    user_count: Option<Id>,
}

#[derive(Deserialize)]
struct Project {
    slug: Option<String>,
}

#[derive(Deserialize)]
struct Assignee {
    name: Option<String>,
    email: Option<String>,
}

pub(crate) fn event(hook: Hook<Data>) -> Result<Event, Rejection> {
    let action = present(hook.action).ok_or_else(|| missing("action"))?;
    let action = match action.as_str() {
        "created" => "opened",
        "assigned" => "assigned",
        "resolved" | "ignored" | "archived" => "closed",
        "unresolved" => "reopened",
        other => return Err(of_no_interest("issue action", other)),
    };
    let issue = hook.data.and_then(|data| data.issue);
    let issue = issue.ok_or_else(|| missing("data.issue"))?;
    let id = issue.id.and_then(|id| present(Some(id.0)));
    let id = id.ok_or_else(|| missing("data.issue.id"))?;
    let url = present(issue.web_url).or(present(issue.permalink));
    let state = match (action, issue.status.as_deref()) {
        ("closed", _) | ("assigned", Some("resolved" | "ignored")) => "closed",
        _ => "open",
    };
    let field = |name: &str, value: Option<String>| {
        present(value).map(|value| Field {
            name: name.to_owned(),
            value,
            short: true,
        })
    };
    let count = |count: Option<Id>| count.map(|count| count.0);
    let fields = [
        field("Culprit", issue.culprit.clone()),
        field("Events", count(issue.count)),
        field("Users", count(issue.user_count)),
    ];
    let assignee: Option<Person> = issue
        .assigned_to
        .and_then(|assignee| person(assignee.name, assignee.email, None, None));
    let told = Issue {
        number: present(issue.short_id).unwrap_or_else(|| id.clone()),
        title: issue.title.unwrap_or_default(),
        text: None,
        state: state.to_owned(),
        url,
        author: None,
        labels: issue.level.clone().into_iter().collect(),
        assignees: assignee.into_iter().collect(),
    };
    Ok(Event {
        subject: Some(subject(&id)),
        severity: severity(issue.level.as_deref()).filter(|_| state == "open"),
        fields: fields.into_iter().flatten().collect(),
        happened_at: present(issue.last_seen).filter(|_| action == "opened"),
        actor: Actor::person(hook.actor),
        repository: project(issue.project.and_then(|project| present(project.slug))),
        ..Event::of_issue(action, told)
    })
}
