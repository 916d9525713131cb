//! `push`: commits on a branch, and a tag that appears, moves or goes.

use crate::refs;
use push_notify_sdk::{
    Effect, Event, Person, Rejection,
    delivery::{
        AccountPayload, Commits, HeadCommit, Named, NewestFirst, RepositoryPayload, compare_url,
        made_and_gone, missing, present,
    },
};
use serde::Deserialize;

#[derive(Deserialize)]
pub(crate) struct Push {
    #[serde(rename = "ref")]
    git_ref: Option<String>,
    before: Option<String>,
    after: Option<String>,
    compare_url: Option<String>,
    commits: Option<NewestFirst>,
    head_commit: Option<HeadCommit>,
    /// Of a push that lists only the newest; versions before 1.17 and Gogs do not say.
    total_commits: Option<u32>,
    repository: Option<RepositoryPayload>,
    pusher: Option<AccountPayload>,
    sender: Option<AccountPayload>,
}

pub(crate) fn event(push: Push) -> Result<(Event, Option<Effect>), Rejection> {
    let full = present(push.git_ref).ok_or_else(|| missing("ref"))?;
    let named = Named::parse(&full)?;
    let (before, after) = (push.before.as_deref(), push.after.as_deref());
    let (created, deleted) = made_and_gone(None, None, before, after);
    // What comes as `create` or `delete`, too. A new branch does, but that one is ignored.
    let repeated = match named {
        Named::Branch(_) => deleted == Some(true),
        Named::Tag(_) => deleted == Some(true) || created == Some(true),
    };
    let effect = repeated.then(|| refs::effect(&named, deleted == Some(true), after, "push"));
    let (kind, branch, tag) = named.pushed();
    let mut commits = push.commits.map(|NewestFirst(commits)| commits);
    if let Some(commits) = &mut commits {
        commits.complete(push.head_commit, after, push.total_commits);
    }
    let listed = commits.as_ref().map(Commits::total);
    let commits = commits.unwrap_or_default().normalised(after);
    let event = Event {
        kind,
        ref_: Some(full),
        branch,
        tag,
        before: present(push.before),
        after: present(push.after),
        created,
        deleted,
        compare_url: compare_url(push.compare_url),
        commits,
        total_commits: push.total_commits.max(listed),
        actor: actor(push.pusher, push.sender),
        repository: RepositoryPayload::normalised(push.repository)?,
        ..Event::default()
    };
    Ok((event, effect))
}

/// Both are accounts, and the same one as a rule.
fn actor(pusher: Option<AccountPayload>, sender: Option<AccountPayload>) -> Option<Person> {
    let pusher = pusher.and_then(AccountPayload::person);
    sender.and_then(AccountPayload::person).or(pusher)
}
