//! `issue:*`: the tracker that a repository may have.

use crate::{
    parts::{Account, Content, Links, RepositoryPayload},
    remark::CommentPayload,
};
use push_notify_sdk::{
    Event, Issue, Rejection,
    delivery::{Id, issue_subject, missing, present},
};
use serde::Deserialize;

#[derive(Deserialize)]
pub(crate) struct IssueEvent {
    issue: Option<IssuePayload>,
    comment: Option<CommentPayload>,
    changes: Option<Changes>,
    repository: Option<RepositoryPayload>,
    actor: Option<Account>,
}

/// What an update changed.
#[derive(Deserialize)]
struct Changes {
    status: Option<Change>,
    assignee: Option<Change>,
}

#[derive(Deserialize)]
struct Change {
    #[serde(default, deserialize_with = "word")]
    old: Option<String>,
    #[serde(default, deserialize_with = "word")]
    new: Option<String>,
}

/// A state is a word; an assignee is an account, or a name.
fn word<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Word {
        Word(String),
        Account(Account),
    }
    let word: Option<Word> = Option::deserialize(deserializer)?;
    Ok(match word {
        Some(Word::Word(word)) => Some(word),
        Some(Word::Account(account)) => account.person().and_then(|person| person.name),
        None => None,
    })
}

#[derive(Deserialize)]
struct IssuePayload {
    id: Option<Id>,
    title: Option<String>,
    content: Option<Content>,
    state: Option<String>,
    kind: Option<String>,
    priority: Option<String>,
    reporter: Option<Account>,
    assignee: Option<Account>,
    updated_on: Option<String>,
    links: Option<Links>,
}

pub(crate) fn created(payload: IssueEvent) -> Result<Event, Rejection> {
    event(payload, "opened")
}

/// Closed or opened again where its state says so, else edited or assigned.
pub(crate) fn updated(payload: IssueEvent) -> Result<Event, Rejection> {
    let changes = payload.changes.as_ref();
    let status = changes.and_then(|changes| changes.status.as_ref());
    let is_open = |state: &Option<String>| state.as_deref().is_some_and(is_open);
    let action = match status {
        Some(status) if is_open(&status.old) && !is_open(&status.new) => "closed",
        Some(status) if is_open(&status.new) && !is_open(&status.old) => "reopened",
        _ if changes.is_some_and(|changes| changes.assignee.is_some()) => "assigned",
        _ => "edited",
    };
    event(payload, action)
}

fn event(payload: IssueEvent, action: &str) -> Result<Event, Rejection> {
    let issue = payload.issue.ok_or_else(|| missing("issue"))?;
    Ok(Event {
        happened_at: present(issue.updated_on.clone()),
        actor: payload.actor.and_then(Account::person),
        repository: RepositoryPayload::normalised(payload.repository)?,
        ..Event::of_issue(action, issue.normalised()?)
    })
}

pub(crate) fn commented(payload: IssueEvent) -> Result<Event, Rejection> {
    let comment = payload.comment.ok_or_else(|| missing("comment"))?;
    let issue = payload.issue.ok_or_else(|| missing("issue"))?;
    let issue = issue.normalised()?;
    Ok(Event {
        happened_at: comment.happened_at("created"),
        subject: Some(issue_subject(&issue)),
        state: Some(issue.state.clone()),
        issue: Some(issue),
        actor: payload.actor.and_then(Account::person),
        repository: RepositoryPayload::normalised(payload.repository)?,
        ..Event::of_comment("created", comment.normalised()?)
    })
}

fn is_open(state: &str) -> bool {
    matches!(state, "submitted" | "new" | "open" | "on hold")
}

impl IssuePayload {
    fn normalised(self) -> Result<Issue, Rejection> {
        let state = match self.state.as_deref() {
            Some(state) if !is_open(state) => "closed",
            _ => "open",
        };
        let number = self.id.and_then(|id| present(Some(id.0)));
        Ok(Issue {
            number: number.ok_or_else(|| missing("issue.id"))?,
            title: self.title.unwrap_or_default(),
            text: Content::text(self.content),
            state: state.to_owned(),
            url: Links::page(self.links),
            author: self.reporter.and_then(Account::person),
            labels: [self.kind, self.priority]
                .into_iter()
                .filter_map(present)
                .collect(),
            assignees: self
                .assignee
                .and_then(Account::person)
                .into_iter()
                .collect(),
        })
    }
}
