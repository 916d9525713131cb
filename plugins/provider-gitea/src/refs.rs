//! `create` and `delete`. A tag is announced by a push, too, and a new branch always is; but the
//! end of a branch comes as a `delete` alone. Gogs announces tags only here.

use push_notify_sdk::{
    Effect, Event, Rejection,
    delivery::{
        AccountPayload, Named, RepositoryPayload, is_zero, missing, of_no_interest, present,
    },
};
use serde::Deserialize;

#[derive(Deserialize)]
pub(crate) struct RefChange {
    #[serde(rename = "ref")]
    git_ref: Option<String>,
    ref_type: Option<String>,
    /// Only of what was created.
    sha: Option<String>,
    repository: Option<RepositoryPayload>,
    sender: Option<AccountPayload>,
}

pub(crate) fn created(payload: RefChange) -> Result<(Event, Option<Effect>), Rejection> {
    if payload.ref_type.as_deref() == Some("branch") {
        return Err(Rejection::Ignored(
            "branch creation arrives as a push".to_owned(),
        ));
    }
    event(payload, false)
}

pub(crate) fn deleted(payload: RefChange) -> Result<(Event, Option<Effect>), Rejection> {
    event(payload, true)
}

fn event(payload: RefChange, deleted: bool) -> Result<(Event, Option<Effect>), Rejection> {
    let source = if deleted { "delete" } else { "create" };
    let name = present(payload.git_ref);
    let name = name.ok_or_else(|| missing("ref"))?;
    // These two events send the bare name. The full ref is given all the same, so that a ref looks
    // alike however it came.
    let named = match payload.ref_type.as_deref() {
        Some("branch") => Named::Branch(name),
        Some("tag") => Named::Tag(name),
        Some(other) => return Err(of_no_interest(&format!("{source} of a"), other)),
        None => return Err(missing("ref_type")),
    };
    let after = present(payload.sha).filter(|_| !deleted);
    let effect = effect(&named, deleted, after.as_deref(), source);
    let (_, full) = kind_and_ref(&named);
    let (kind, branch, tag) = named.pushed();
    let event = Event {
        kind,
        ref_: Some(full),
        branch,
        tag,
        after,
        created: Some(!deleted),
        deleted: Some(deleted),
        actor: payload.sender.and_then(AccountPayload::person),
        repository: RepositoryPayload::normalised(payload.repository)?,
        ..Event::default()
    };
    Ok((event, Some(effect)))
}

/// The same key for a push and for the `create` or `delete` that repeats it.
pub(crate) fn effect(named: &Named, deleted: bool, after: Option<&str>, source: &str) -> Effect {
    let (kind, full) = kind_and_ref(named);
    // A tag that moves is created anew, perhaps within the time in which a repetition is looked
    // for.
    let done = match after.filter(|sha| !deleted && !is_zero(sha)) {
        Some(sha) => format!("created:{sha}"),
        None if deleted => "deleted".to_owned(),
        None => "created".to_owned(),
    };
    Effect {
        key: format!("{kind}:{full}:{done}"),
        source: source.to_owned(),
    }
}

fn kind_and_ref(named: &Named) -> (&'static str, String) {
    match named {
        Named::Branch(branch) => ("push", format!("refs/heads/{branch}")),
        Named::Tag(tag) => ("tag_push", format!("refs/tags/{tag}")),
    }
}
