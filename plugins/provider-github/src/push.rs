//! `push`: commits on a branch, and a tag that appears, moves or goes.

use crate::tag;
use push_notify_sdk::{
    Effect, Event, Person, Rejection,
    delivery::{
        AccountPayload, Commits, Named, RepositoryPayload, compare_url, made_and_gone, missing,
        person, present,
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
    forced: Option<bool>,
    compare: Option<String>,
    commits: Option<Commits>,
    repository: Option<RepositoryPayload>,
    pusher: Option<Pusher>,
    sender: Option<AccountPayload>,
}

#[derive(Deserialize)]
struct Pusher {
    name: Option<String>,
    email: Option<String>,
}

pub(crate) fn event(push: Push) -> Result<(Event, Option<Effect>), Rejection> {
    let full = present(push.git_ref).ok_or_else(|| missing("ref"))?;
    let named = Named::parse(&full)?;
    // A push that only moves a tag is announced once; one that makes or deletes it comes as
    // `create` or `delete`, too.
    let (before, after) = (push.before.as_deref(), push.after.as_deref());
    let (created, deleted) = made_and_gone(push.created, push.deleted, before, after);
    let (kind, branch, tag) = named.pushed();
    let change = match (created, deleted) {
        (_, Some(true)) => Some(tag::Change::Deleted),
        (Some(true), _) => Some(tag::Change::Created),
        _ => None,
    };
    let effect = change
        .filter(|_| tag.is_some())
        .map(|change| change.effect(&full, "push"));
    // GitHub lists up to 2048 commits and drops no delivery for having more, so its list tells the
    // total when it is there.
    let total_commits = push.commits.as_ref().map(Commits::total);
    let commits = push.commits.unwrap_or_default().normalised(after);
    let event = Event {
        kind,
        ref_: Some(full),
        branch,
        tag,
        before: present(push.before),
        after: present(push.after),
        created,
        deleted,
        forced: push.forced,
        compare_url: compare_url(push.compare),
        commits,
        total_commits,
        actor: actor(push.pusher, push.sender),
        repository: RepositoryPayload::normalised(push.repository)?,
        ..Event::default()
    };
    Ok((event, effect))
}

/// `sender` is the account, `pusher` what Git knows of it.
fn actor(pusher: Option<Pusher>, sender: Option<AccountPayload>) -> Option<Person> {
    let mut actor = sender.and_then(AccountPayload::person).unwrap_or_default();
    if let Some(pusher) = pusher {
        actor.name = actor.name.or(pusher.name);
        actor.email = actor.email.or(pusher.email);
    }
    person(actor.name, actor.email, actor.login, actor.avatar_url)
}
