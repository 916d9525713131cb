//! The few things that people ask of an event first.

use push_notify_host::{Commit, Event, Person};
use std::collections::HashSet;

/// The newest commit: hosts list them oldest first.
pub fn head(event: &Event) -> Option<&Commit> {
    let after = event.after.as_deref();
    let named = event
        .commits
        .iter()
        .find(|commit| Some(commit.id.as_str()) == after);
    named.or(event.commits.last())
}

/// Who wrote the newest commit, else who opened the merge request, else who acted.
pub fn author(event: &Event) -> Option<&str> {
    let of_commit = head(event).and_then(|commit| commit.author.as_ref());
    let of_request = event.merge_request.as_ref();
    of_commit
        .or(of_request.and_then(|request| request.author.as_ref()))
        .and_then(name)
        .or_else(|| event.actor.as_ref().and_then(name))
}

/// The branch, or the one that a merge request comes from.
pub fn branch(event: &Event) -> Option<&str> {
    let of_request = event.merge_request.as_ref();
    event
        .branch
        .as_deref()
        .or(of_request.map(|request| request.source_branch.as_str()))
}

/// What the event is about, in one line: as the source says it, or from the record of its kind.
pub fn headline(event: &Event) -> Option<String> {
    let of_issue = || {
        let issue = event.issue.as_ref()?;
        Some(format!("#{} {}", issue.number, issue.title))
    };
    let of_request = || {
        let request = event.merge_request.as_ref()?;
        Some(format!("#{} {}", request.number, request.title))
    };
    let of_release = || {
        let release = event.release.as_ref()?;
        Some(release.name.clone().unwrap_or_else(|| release.tag.clone()))
    };
    let of_pipeline = || event.pipeline.as_ref()?.name.clone();
    let of_deployment = || Some(event.deployment.as_ref()?.environment.clone());
    let of_alerts = || {
        let alerts = &event.alerts.as_ref()?.alerts;
        let first = alerts.iter().find(|alert| alert.firing).or(alerts.first());
        Some(first?.name.clone())
    };
    event
        .title
        .clone()
        .or_else(of_issue)
        .or_else(of_request)
        .or_else(of_release)
        .or_else(of_pipeline)
        .or_else(of_deployment)
        .or_else(of_alerts)
}

/// Each file once, in the order in which the commits name them.
pub fn changed_files(event: &Event) -> Vec<&str> {
    let mut seen = HashSet::new();
    event
        .commits
        .iter()
        .flat_map(|commit| {
            commit
                .added
                .iter()
                .chain(&commit.modified)
                .chain(&commit.removed)
        })
        .map(String::as_str)
        .filter(|file| seen.insert(*file))
        .collect()
}

pub fn name(person: &Person) -> Option<&str> {
    person.name.as_deref().or(person.login.as_deref())
}

#[cfg(test)]
mod tests;
