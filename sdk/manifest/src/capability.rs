use crate::Kind;
use serde::{Deserialize, Serialize};
use std::fmt;

/// What a plugin can do beyond what its kind must.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Capability {
    /// A provider tells what files an event changed.
    Changes,
    /// A provider shows reviews at its Git host.
    Reviews,
    /// A provider opens merge requests at its Git host.
    MergeRequests,
    /// A provider makes events by a mapping that an administrator writes.
    Mapping,
    /// What a provider's source tells again unchanged is a reminder that its users set up.
    Reminders,
    /// A channel changes messages that are there.
    Update,
    /// A channel answers messages that are there.
    Reply,
    /// A channel calls people by name.
    Mentions,
}

impl Capability {
    pub const ALL: [Self; 8] = [
        Self::Changes,
        Self::Reviews,
        Self::MergeRequests,
        Self::Mapping,
        Self::Reminders,
        Self::Update,
        Self::Reply,
        Self::Mentions,
    ];

    /// As written in manifests, and in the macro line of a plugin.
    pub fn name(self) -> &'static str {
        match self {
            Self::Changes => "changes",
            Self::Reviews => "reviews",
            Self::MergeRequests => "merge_requests",
            Self::Mapping => "mapping",
            Self::Reminders => "reminders",
            Self::Update => "update",
            Self::Reply => "reply",
            Self::Mentions => "mentions",
        }
    }

    pub fn kind(self) -> Kind {
        match self {
            Self::Changes
            | Self::Reviews
            | Self::MergeRequests
            | Self::Mapping
            | Self::Reminders => Kind::Provider,
            Self::Update | Self::Reply | Self::Mentions => Kind::Channel,
        }
    }

    /// The interface that a component with it exports. None: it is in how messages are sent, or
    /// says something of what is received.
    pub fn interface(self) -> Option<&'static str> {
        match self {
            Self::Changes => Some("changes"),
            Self::Reviews => Some("reviews"),
            Self::MergeRequests => Some("merge-requests"),
            Self::Mapping => Some("mappings"),
            Self::Update => Some("updates"),
            Self::Reply => Some("replies"),
            Self::Reminders | Self::Mentions => None,
        }
    }
}

impl fmt::Display for Capability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
