//! `repo:refs_changed`: each branch and tag that one push moved is an event of its own.

use crate::parts::{RepositoryPayload, User};
use push_notify_sdk::{
    Commit, Event, Person, Rejection, Repository,
    delivery::{Listed, Named, fitting, is_zero, missing, present, time},
};
use serde::Deserialize;

#[derive(Deserialize)]
pub(crate) struct PushEvent {
    /// As many as a delivery may tell of.
    changes: Option<Listed<Change, 32>>,
    /// Of the only change, where the server tells of them: the newest first.
    commits: Option<Listed<CommitPayload, 100>>,
    date: Option<String>,
    repository: Option<RepositoryPayload>,
    actor: Option<User>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Change {
    ref_id: Option<String>,
    #[serde(rename = "ref")]
    git_ref: Option<Ref>,
    #[serde(rename = "type")]
    kind: Option<String>,
    from_hash: Option<String>,
    to_hash: Option<String>,
}

#[derive(Deserialize)]
struct Ref {
    id: Option<String>,
}

#[derive(Deserialize)]
struct CommitPayload {
    id: String,
    message: Option<String>,
    author: Option<User>,
}

pub(crate) fn events(payload: PushEvent) -> Result<Vec<Event>, Rejection> {
    let repository = RepositoryPayload::normalised(payload.repository)?;
    let actor = payload.actor.and_then(User::person);
    let happened_at = time(payload.date);
    let changes = payload.changes.ok_or_else(|| missing("changes"))?;
    let is_only = changes.total == 1;
    let mut events = Vec::new();
    for change in changes.entries {
        let event = change.event(&repository, &actor)?;
        events.extend(event.map(|event| Event {
            happened_at: happened_at.clone(),
            ..event
        }));
    }
    if let ([event], true, Some(listed)) = (&mut events[..], is_only, payload.commits) {
        let total = u32::try_from(listed.total).unwrap_or(u32::MAX);
        let commits = listed.entries.into_iter().rev();
        event.commits = fitting(commits.map(CommitPayload::normalised));
        // How many there were, a server that lists some does not say.
        event.total_commits = (listed.cut || total == 0).then_some(total);
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
        let named = self.git_ref.and_then(|it| it.id);
        let full = present(self.ref_id).or(present(named));
        let full = full.ok_or_else(|| missing("changes.refId"))?;
        let Ok(named) = Named::parse(&full) else {
            return Ok(None);
        };
        let (kind, branch, tag) = named.pushed();
        let (from_hash, to_hash) = (present(self.from_hash), present(self.to_hash));
        let is_nothing = |hash: &Option<String>| hash.as_deref().is_some_and(is_zero);
        let (created, deleted) = match self.kind.as_deref() {
            Some("ADD") => (true, false),
            Some("DELETE") => (false, true),
            _ => (is_nothing(&from_hash), is_nothing(&to_hash)),
        };
        Ok(Some(Event {
            kind,
            ref_: Some(full),
            branch,
            tag,
            before: from_hash,
            after: to_hash,
            created: Some(created),
            deleted: Some(deleted),
            actor: actor.clone(),
            repository: repository.clone(),
            ..Event::default()
        }))
    }
}

impl CommitPayload {
    fn normalised(self) -> Commit {
        Commit {
            id: self.id,
            message: self.message.unwrap_or_default(),
            author: self.author.and_then(User::commit_author),
            ..Commit::default()
        }
    }
}
