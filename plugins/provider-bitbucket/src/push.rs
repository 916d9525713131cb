//! `repo:push`: each branch and tag that one push moved is an event of its own.

use crate::parts::{Account, Links, RepositoryPayload};
use push_notify_sdk::{
    Commit, Event, Person, Rejection, Repository,
    delivery::{Listed, Named, fitting, missing, person, present},
};
use serde::Deserialize;

#[derive(Deserialize)]
pub(crate) struct PushEvent {
    push: Option<Push>,
    repository: Option<RepositoryPayload>,
    actor: Option<Account>,
}

#[derive(Deserialize)]
struct Push {
    /// As many as a delivery may tell of.
    changes: Option<Listed<Change, 32>>,
}

#[derive(Deserialize)]
struct Change {
    old: Option<Ref>,
    new: Option<Ref>,
    created: Option<bool>,
    closed: Option<bool>,
    forced: Option<bool>,
    links: Option<Links>,
    /// The newest first, and no more than five.
    commits: Option<Listed<CommitPayload, 100>>,
    /// There were more.
    truncated: Option<bool>,
}

#[derive(Deserialize)]
struct Ref {
    #[serde(rename = "type")]
    kind: Option<String>,
    name: Option<String>,
    target: Option<Target>,
}

#[derive(Deserialize)]
struct Target {
    hash: Option<String>,
}

#[derive(Deserialize)]
struct CommitPayload {
    hash: String,
    message: Option<String>,
    date: Option<String>,
    author: Option<Author>,
    links: Option<Links>,
}

#[derive(Deserialize)]
struct Author {
    /// `Name <address>`, as git has it.
    raw: Option<String>,
    user: Option<Account>,
}

pub(crate) fn events(payload: PushEvent) -> Result<Vec<Event>, Rejection> {
    let repository = RepositoryPayload::normalised(payload.repository)?;
    let actor = payload.actor.and_then(Account::person);
    let changes = payload.push.and_then(|push| push.changes);
    let changes = changes.ok_or_else(|| missing("push.changes"))?;
    let mut events = Vec::new();
    for change in changes.entries {
        events.extend(change.event(&repository, &actor)?);
    }
    match events.is_empty() {
        true => Err(Rejection::Ignored("no branch or tag was moved".to_owned())),
        false => Ok(events),
    }
}

impl Change {
    /// None: neither a branch nor a tag.
    fn event(
        self,
        repository: &Repository,
        actor: &Option<Person>,
    ) -> Result<Option<Event>, Rejection> {
        let deleted = self.closed.unwrap_or(self.new.is_none());
        let created = self.created.unwrap_or(self.old.is_none());
        let moved = self.new.as_ref().or(self.old.as_ref());
        let moved = moved.ok_or_else(|| missing("push.changes.new"))?;
        let name = present(moved.name.clone());
        let name = name.ok_or_else(|| missing("push.changes.new.name"))?;
        let (full, named) = match moved.kind.as_deref() {
            Some("tag" | "annotated_tag") => (format!("refs/tags/{name}"), Named::Tag(name)),
            Some("branch" | "named_branch") => (format!("refs/heads/{name}"), Named::Branch(name)),
            _ => return Ok(None),
        };
        let (kind, branch, tag) = named.pushed();
        let target = |side: Option<Ref>| side.and_then(|side| side.target);
        let (old, new) = (target(self.old), target(self.new));
        let listed = self.commits.unwrap_or_default();
        let is_cut = listed.cut || self.truncated == Some(true);
        let total = u32::try_from(listed.total).unwrap_or(u32::MAX);
        let commits = listed.entries.into_iter().rev();
        Ok(Some(Event {
            kind,
            ref_: Some(full),
            branch,
            tag,
            before: old.and_then(|target| present(target.hash)),
            after: new.and_then(|target| present(target.hash)),
            created: Some(created),
            deleted: Some(deleted),
            forced: self.forced,
            compare_url: Links::page(self.links).filter(|_| !created && !deleted),
            commits: fitting(commits.map(CommitPayload::normalised)),
            // How many there were, Bitbucket does not say.
            total_commits: (!is_cut || total > 5).then_some(total),
            actor: actor.clone(),
            repository: repository.clone(),
            ..Event::default()
        }))
    }
}

impl CommitPayload {
    fn normalised(self) -> Commit {
        Commit {
            id: self.hash,
            message: self.message.unwrap_or_default(),
            url: Links::page(self.links),
            timestamp: present(self.date),
            author: self.author.and_then(Author::person),
            ..Commit::default()
        }
    }
}

impl Author {
    fn person(self) -> Option<Person> {
        let raw = self.raw.unwrap_or_default();
        let (name, email) = match raw.rsplit_once('<') {
            Some((name, rest)) => (name.trim(), rest.trim_end().strip_suffix('>')),
            None => (raw.trim(), None),
        };
        let account = self.user.and_then(Account::person).unwrap_or_default();
        let name = present(Some(name.to_owned())).or(account.name);
        person(
            name,
            email.map(str::to_owned),
            account.login,
            account.avatar_url,
        )
    }
}
