use crate::{Delivery, Header, Person, Rejection, Webhook};
use serde_json::{Value, json};

/// A delivery with these headers.
pub fn webhook(headers: &[(&str, &str)], body: &[u8]) -> Webhook {
    let header = |(name, value): &(&str, &str)| Header {
        name: name.to_lowercase(),
        value: (*value).to_owned(),
    };
    Webhook {
        headers: headers.iter().map(header).collect(),
        body: body.to_vec(),
    }
}

/// Whether a delivery was refused because its sender proves nothing.
pub fn is_unauthenticated<T>(result: &Result<T, Rejection>) -> bool {
    matches!(result, Err(Rejection::Unauthenticated(_)))
}

/// Whether a delivery was refused because of what it holds.
pub fn is_malformed<T>(result: &Result<T, Rejection>) -> bool {
    matches!(result, Err(Rejection::Malformed(_)))
}

/// What a provider made of a delivery, to be compared with a fixture: the event as the engine shows
/// it, or `{"ignored": reason}`, `{"malformed": reason}` or `{"unauthenticated": reason}`.
/// `provider` is the plugin's id.
pub fn outcome(provider: &str, result: &Result<Delivery, Rejection>) -> Value {
    match result {
        Ok(delivery) => shown(provider, delivery),
        Err(Rejection::Ignored(reason)) => json!({ "ignored": reason }),
        Err(Rejection::Malformed(reason)) => json!({ "malformed": reason }),
        Err(Rejection::Unauthenticated(reason)) => json!({ "unauthenticated": reason }),
    }
}

fn shown(provider: &str, delivery: &Delivery) -> Value {
    let person = |person: &Option<Person>| match person {
        None => Value::Null,
        Some(person) => json!({
            "name": person.name, "email": person.email, "login": person.login, "avatar_url": person.avatar_url,
        }),
    };
    let event = &delivery.event;
    let repository = &event.repository;
    let commits: Vec<Value> = event
        .commits
        .iter()
        .map(|commit| {
            json!({
                "id": commit.id, "message": commit.message, "url": commit.url, "timestamp": commit.timestamp,
                "author": person(&commit.author),
                "added": commit.added, "modified": commit.modified, "removed": commit.removed,
            })
        })
        .collect();
    let merge_request = event.merge_request.as_ref().map(|request| {
        json!({
            "number": request.number, "title": request.title, "state": request.state,
            "action": format!("{:?}", request.action).rsplit("::").next().unwrap_or_default().to_lowercase(),
            "source_branch": request.source_branch, "target_branch": request.target_branch,
            "head_sha": request.head_sha, "base_sha": request.base_sha, "url": request.url,
            "author": person(&request.author), "draft": request.draft, "merged": request.merged,
        })
    });
    json!({
        "provider": provider, "kind": event.kind, "ref": event.ref_, "branch": event.branch, "tag": event.tag,
        "before": event.before, "after": event.after,
        "created": event.created, "deleted": event.deleted, "forced": event.forced,
        "commits": commits, "total_commits": event.total_commits, "actor": person(&event.actor),
        "repository": {
            "full_name": repository.full_name, "url": repository.url, "clone_url": repository.clone_url,
            "default_branch": repository.default_branch, "private": repository.private,
        },
        "merge_request": merge_request,
    })
}
