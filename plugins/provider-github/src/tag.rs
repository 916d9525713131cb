//! `create` and `delete`: a tag's second announcement beside the `push`. A hook may ask for either
//! or both.

use push_notify_sdk::{
    Effect, Event, Rejection,
    delivery::{AccountPayload, RepositoryPayload, missing, of_no_interest, present},
};
use serde::Deserialize;

#[derive(Deserialize)]
pub(crate) struct RefChange {
    #[serde(rename = "ref")]
    git_ref: Option<String>,
    ref_type: Option<String>,
    repository: Option<RepositoryPayload>,
    sender: Option<AccountPayload>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Change {
    Created,
    Deleted,
}

impl Change {
    /// The same key for a push and for the `create` or `delete` that repeats it.
    pub(crate) fn effect(self, full_ref: &str, source: &str) -> Effect {
        let done = match self {
            Self::Created => "created",
            Self::Deleted => "deleted",
        };
        Effect {
            key: format!("tag_push:{full_ref}:{done}"),
            source: source.to_owned(),
        }
    }
}

pub(crate) fn event(
    payload: RefChange,
    change: Change,
) -> Result<(Event, Option<Effect>), Rejection> {
    let (name, noun) = match change {
        Change::Created => ("create", "creation"),
        Change::Deleted => ("delete", "deletion"),
    };
    match payload.ref_type.as_deref() {
        Some("tag") => {}
        Some("branch") => {
            return Err(Rejection::Ignored(format!(
                "branch {noun} arrives as a push"
            )));
        }
        Some(other) => return Err(of_no_interest(&format!("{name} of a"), other)),
        None => return Err(missing("ref_type")),
    }
    let tag = present(payload.git_ref).ok_or_else(|| missing("ref"))?;
    // These two events send the bare name. The full ref is given all the same, so that a tag looks
    // alike however it came.
    let full = format!("refs/tags/{tag}");
    let effect = change.effect(&full, name);
    let event = Event {
        kind: "tag_push".to_owned(),
        ref_: Some(full),
        tag: Some(tag),
        created: Some(change == Change::Created),
        deleted: Some(change == Change::Deleted),
        actor: payload.sender.and_then(AccountPayload::person),
        repository: RepositoryPayload::normalised(payload.repository)?,
        ..Event::default()
    };
    Ok((event, Some(effect)))
}
