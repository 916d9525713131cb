//! `push` and `tag_push`: commits on a branch, and a tag that appears, moves or goes.

use crate::payload::{Project, address};
use push_notify_sdk::{
    Event, Rejection,
    delivery::{Commits, Named, is_zero, made_and_gone, missing, person, present},
};
use serde::Deserialize;

#[derive(Deserialize)]
pub(crate) struct Push {
    #[serde(rename = "ref")]
    git_ref: Option<String>,
    before: Option<String>,
    after: Option<String>,
    user_name: Option<String>,
    user_username: Option<String>,
    user_email: Option<String>,
    user_avatar: Option<String>,
    project: Option<Project>,
    commits: Option<Commits>,
    /// GitLab lists 20 commits at most.
    total_commits_count: Option<u32>,
}

pub(crate) fn event(push: Push) -> Result<Event, Rejection> {
    let full = present(push.git_ref).ok_or_else(|| missing("ref"))?;
    let (kind, branch, tag) = Named::parse(&full)?.pushed();
    let (before, after) = (present(push.before), present(push.after));
    let (created, deleted) = made_and_gone(None, None, before.as_deref(), after.as_deref());
    let repository = Project::normalised(push.project)?;
    let compare_url = match (&repository.url, before.as_deref(), after.as_deref()) {
        (Some(url), Some(before), Some(after)) if !is_zero(before) && !is_zero(after) => {
            Some(format!("{url}/-/compare/{before}...{after}"))
        }
        _ => None,
    };
    let listed = push.commits.as_ref().map(Commits::total);
    Ok(Event {
        kind,
        ref_: Some(full),
        branch,
        tag,
        created,
        deleted,
        compare_url,
        commits: push
            .commits
            .unwrap_or_default()
            .normalised(after.as_deref()),
        before,
        after,
        // `None` is less than any number.
        total_commits: push.total_commits_count.max(listed),
        actor: person(
            push.user_name,
            address(push.user_email),
            push.user_username,
            push.user_avatar,
        ),
        repository,
        ..Event::default()
    })
}
