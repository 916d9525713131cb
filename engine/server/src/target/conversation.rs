//! The field `conversation` of a target: whether what follows about the same thing is a message of
//! its own.

use crate::word::word;
use push_notify_manifest::{Capability, Manifest};

word! {
    /// How messages about one thing follow each other.
    pub enum Conversation {
        /// Each is a message of its own.
        New = "new",
        /// The first one is changed.
        Update = "update",
        /// Those that follow answer the first one.
        Thread = "thread",
        /// The first one is changed, and answered with what changed it.
        UpdateThread = "update+thread",
    }
}

impl Conversation {
    pub fn updates(self) -> bool {
        matches!(self, Self::Update | Self::UpdateThread)
    }

    pub fn replies(self) -> bool {
        matches!(self, Self::Thread | Self::UpdateThread)
    }

    /// What becomes of it with a channel: what that cannot do falls away, of itself or with the
    /// fields that are filled. None: its plugin is not there.
    pub fn reached(self, channel: Option<&Manifest>, is_filled: impl Fn(&str) -> bool) -> Self {
        let able = channel.filter(|channel| {
            let field = channel.conversation_field.as_deref();
            field.is_none_or(is_filled)
        });
        let can =
            |capability| able.is_some_and(|channel| channel.capabilities.contains(&capability));
        let updates = self.updates() && can(Capability::Update);
        let replies = self.replies() && can(Capability::Reply);
        match (updates, replies) {
            (true, true) => Self::UpdateThread,
            (true, false) => Self::Update,
            (false, true) => Self::Thread,
            (false, false) => Self::New,
        }
    }
}

#[cfg(test)]
mod tests;
