//! `push_hooks` and `tag_push_hooks`: commits on a branch, and a tag that appears, moves or goes.

use crate::payload::Repository;
use push_notify_sdk::{
    Event, Rejection,
    delivery::{
        AccountPayload, Commits, HeadCommit, Named, compare_url, made_and_gone, missing, present,
    },
};
use serde::Deserialize;

#[derive(Deserialize)]
pub(crate) struct Push {
    #[serde(rename = "ref")]
    git_ref: Option<String>,
    before: Option<String>,
    after: Option<String>,
    created: Option<bool>,
    deleted: Option<bool>,
    compare: Option<String>,
    /// Null also when there are some, as on a new branch.
    commits: Option<Commits>,
    head_commit: Option<HeadCommit>,
    /// The true number; `commits` lists about ten.
    total_commits_count: Option<u64>,
    repository: Option<Repository>,
    project: Option<Repository>,
    sender: Option<AccountPayload>,
    pusher: Option<AccountPayload>,
}

pub(crate) fn event(mut push: Push) -> Result<Event, Rejection> {
    let full = present(push.git_ref).ok_or_else(|| missing("ref"))?;
    let (kind, branch, tag) = Named::parse(&full)?.pushed();
    let (before, after) = (push.before.as_deref(), push.after.as_deref());
    let (created, deleted) = made_and_gone(push.created, push.deleted, before, after);
    let counted = push
        .total_commits_count
        .map(|count| u32::try_from(count).unwrap_or(u32::MAX));
    if let Some(commits) = &mut push.commits {
        commits.complete(push.head_commit, after, counted);
    }
    let listed = push.commits.as_ref().map(Commits::total);
    Ok(Event {
        kind,
        ref_: Some(full),
        branch,
        tag,
        created,
        deleted,
        compare_url: compare_url(push.compare),
        commits: push.commits.unwrap_or_default().normalised(after),
        before: present(push.before),
        after: present(push.after),
        // Gitee does not tell.
        total_commits: listed.max(counted),
        actor: push
            .sender
            .and_then(AccountPayload::person)
            .or_else(|| push.pusher.and_then(AccountPayload::person)),
        repository: Repository::normalised(push.repository, push.project)?,
        ..Event::default()
    })
}
