//! `release`: made, changed or taken away. GitLab does not say by whom.

use crate::{payload::Project, time::rfc3339};
use push_notify_sdk::{
    Event, Rejection, Release,
    delivery::{missing, of_no_interest, present},
};
use serde::Deserialize;

#[derive(Deserialize)]
pub(crate) struct ReleaseEvent {
    action: Option<String>,
    tag: Option<String>,
    name: Option<String>,
    description: Option<String>,
    url: Option<String>,
    released_at: Option<String>,
    commit: Option<Commit>,
    project: Option<Project>,
}

#[derive(Deserialize)]
struct Commit {
    id: Option<String>,
}

pub(crate) fn event(payload: ReleaseEvent) -> Result<Event, Rejection> {
    let action = match present(payload.action).as_deref() {
        Some("create") => "published",
        Some("update") => "edited",
        Some("delete") => "deleted",
        Some(other) => return Err(of_no_interest("release action", other)),
        None => return Err(missing("action")),
    };
    let release = Release {
        tag: present(payload.tag).ok_or_else(|| missing("tag"))?,
        name: present(payload.name),
        text: present(payload.description),
        url: present(payload.url),
        ..Release::default()
    };
    let released_at = payload.released_at.as_deref().and_then(rfc3339);
    Ok(Event {
        after: payload.commit.and_then(|commit| present(commit.id)),
        happened_at: released_at.filter(|_| action == "published"),
        repository: Project::normalised(payload.project)?,
        ..Event::of_release(action, release)
    })
}
