//! The body `{"type": ..., "timestamp": ..., "data": {...}}`. What a message does not have is null.

use crate::time;
use push_notify_sdk::{Failure, Message, Severity};
use serde::Serialize;
use std::borrow::Cow;

#[derive(Serialize)]
struct Event<'a> {
    #[serde(rename = "type")]
    kind: Cow<'a, str>,
    timestamp: String,
    data: Data<'a>,
}

#[derive(Serialize)]
struct Data<'a> {
    id: &'a str,
    scene: &'a str,
    title: &'a str,
    /// Markdown.
    text: &'a str,
    url: Option<&'a str>,
    kind: Option<&'a str>,
    action: Option<&'a str>,
    severity: Option<&'static str>,
    state: Option<&'a str>,
    subject: Option<&'a str>,
    repository: &'a str,
    branch: Option<&'a str>,
    author: Option<&'a str>,
    fields: Vec<Field<'a>>,
    links: Vec<Link<'a>>,
    locale: &'a str,
}

#[derive(Serialize)]
struct Field<'a> {
    name: &'a str,
    value: &'a str,
    short: bool,
}

#[derive(Serialize)]
struct Link<'a> {
    label: &'a str,
    url: &'a str,
}

pub(crate) fn json(message: &Message) -> Result<Vec<u8>, Failure> {
    let data = Data {
        id: &message.id,
        scene: &message.scene,
        title: &message.title,
        text: &message.body,
        url: message.url.as_deref(),
        kind: message.kind.as_deref(),
        action: message.action.as_deref(),
        severity: message.severity.map(severity),
        state: message.state.as_deref(),
        subject: message.subject.as_deref(),
        repository: &message.repository,
        branch: message.branch.as_deref(),
        author: message.author.as_deref(),
        fields: fields(message),
        links: links(message),
        locale: &message.locale,
    };
    Ok(serde_json::to_vec(&Event {
        kind: kind(message),
        timestamp: time::rfc3339(message.created_at_ms),
        data,
    })?)
}

/// `merge_request.opened`, `push`; the scene of what the engine says by itself.
fn kind(message: &Message) -> Cow<'_, str> {
    match (&message.kind, &message.action) {
        (Some(kind), Some(action)) => Cow::Owned(format!("{kind}.{action}")),
        (Some(kind), None) => Cow::Borrowed(kind),
        (None, _) => Cow::Borrowed(&message.scene),
    }
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "critical",
        Severity::High => "high",
        Severity::Medium => "medium",
        Severity::Low => "low",
        Severity::Info => "info",
    }
}

fn fields(message: &Message) -> Vec<Field<'_>> {
    let fields = message.fields.iter().map(|field| Field {
        name: &field.name,
        value: &field.value,
        short: field.short,
    });
    fields.collect()
}

fn links(message: &Message) -> Vec<Link<'_>> {
    let links = message.links.iter().map(|link| Link {
        label: &link.label,
        url: &link.url,
    });
    links.collect()
}
