//! The states of a push, and what one attempt came to: their words in the database, and the
//! conditions of SQL that name them. Nothing else spells them.

use crate::word::word;

word! {
    /// Where a push is.
    pub enum PushState {
        /// It waits, or is being sent.
        Pending = "pending",
        /// It waits for its plugin.
        Parked = "parked",
        /// The far side took it.
        Delivered = "delivered",
        /// Every attempt was used up.
        Failed = "failed",
        /// The far side will never take it.
        Rejected = "rejected",
        /// It cannot work until the target or the template is changed.
        Misconfigured = "misconfigured",
        /// Some recipients have it, the others never will.
        Partial = "partial",
        /// The target is disabled or deleted, or the repository is deleted.
        Cancelled = "cancelled",
    }
}

word! {
    /// What one attempt came to.
    pub enum Outcome {
        Delivered = "delivered",
        /// It may work later.
        Retry = "retry",
        Rejected = "rejected",
        Misconfigured = "misconfigured",
        Partial = "partial",
        /// No call was made.
        Parked = "parked",
        Cancelled = "cancelled",
        /// The worker died.
        Interrupted = "interrupted",
    }
}

impl PushState {
    /// Those of a push that ended without success.
    pub const DEAD: [Self; 5] = [
        Self::Failed,
        Self::Rejected,
        Self::Misconfigured,
        Self::Partial,
        Self::Cancelled,
    ];

    /// It has not ended.
    pub fn is_waiting(self) -> bool {
        matches!(self, Self::Pending | Self::Parked)
    }

    /// It ended without success.
    pub fn is_dead(self) -> bool {
        Self::DEAD.contains(&self)
    }

    /// Somebody got the message.
    pub fn is_sent(self) -> bool {
        matches!(self, Self::Delivered | Self::Partial)
    }
}

impl Outcome {
    /// The state that it leaves a push in which is not to be tried again.
    pub fn state(self) -> PushState {
        match self {
            Self::Delivered => PushState::Delivered,
            Self::Retry | Self::Interrupted => PushState::Failed,
            Self::Rejected => PushState::Rejected,
            Self::Misconfigured => PushState::Misconfigured,
            Self::Partial => PushState::Partial,
            Self::Parked => PushState::Parked,
            Self::Cancelled => PushState::Cancelled,
        }
    }
}

// Conditions on the column `state`. They are macros too, so that they can be parts of constants; in
// front of one goes the alias, if any: `concat!("p.", pending!())`. Indexes have the same words
// (`migrations/*/0004_deliveries.sql`).

macro_rules! pending {
    () => {
        "state = 'pending'"
    };
}

macro_rules! delivered {
    () => {
        "state = 'delivered'"
    };
}

/// It has not ended.
macro_rules! waiting {
    () => {
        "state IN ('pending', 'parked')"
    };
}

macro_rules! ended {
    () => {
        "state NOT IN ('pending', 'parked')"
    };
}

/// It ended without success.
macro_rules! dead {
    () => {
        "state NOT IN ('delivered', 'pending', 'parked')"
    };
}

/// It waits, or ended with success.
macro_rules! alive {
    () => {
        "state IN ('delivered', 'pending', 'parked')"
    };
}

pub(crate) use {alive, dead, delivered, ended, pending, waiting};

pub const PENDING: &str = pending!();
pub const PARKED: &str = "state = 'parked'";
pub const DELIVERED: &str = delivered!();
pub const CANCELLED: &str = "state = 'cancelled'";
pub const WAITING: &str = waiting!();
pub const ENDED: &str = ended!();
pub const DEAD: &str = dead!();
pub const ALIVE: &str = alive!();

#[cfg(test)]
mod tests;
