//! What all signed deliveries have around what they tell.

use push_notify_sdk::delivery;
use serde::Deserialize;

#[derive(Deserialize)]
pub(crate) struct Hook<T> {
    pub(crate) action: Option<String>,
    pub(crate) data: Option<T>,
    pub(crate) actor: Option<Actor>,
}

#[derive(Deserialize)]
pub(crate) struct Actor {
    name: Option<String>,
    /// `user`, or `application`, which is nobody.
    #[serde(rename = "type")]
    kind: Option<String>,
}

impl Actor {
    pub(crate) fn person(actor: Option<Self>) -> Option<push_notify_sdk::Person> {
        let actor = actor.filter(|actor| actor.kind.as_deref() != Some("application"))?;
        delivery::person(actor.name, None, None, None)
    }
}
