//! Ids of rows. Each table has a type of its own, so that the compiler refuses an id where another
//! table's is meant. In JSON and in the database an id is a plain number.

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Serialize};
use std::{borrow::Cow, fmt, hash::Hash, num::ParseIntError, str::FromStr};

#[cfg(feature = "sql")]
mod sql;
#[cfg(feature = "sql")]
pub use sql::SqlId;

/// What all ids have in common, for code that does not care which table it works on.
pub trait RowId: Copy + Ord + Hash + fmt::Debug + fmt::Display + Send + Sync + 'static {
    fn new(number: i64) -> Self;

    fn get(self) -> i64;
}

/// `1, 2, 3`
pub fn listed(ids: impl IntoIterator<Item = impl RowId>) -> String {
    let ids: Vec<String> = ids.into_iter().map(|id| id.to_string()).collect();
    ids.join(", ")
}

/// Calls a macro with the names of all types of ids.
#[macro_export]
macro_rules! for_each_id {
    ($callback:ident) => {
        $callback! {
            /// A user.
            UserId
            /// A team of users.
            TeamId
            /// A key for the API.
            ApiKeyId
            /// A repository. Test messages for targets without one have 0.
            RepoId
            /// Where messages go.
            TargetId
            /// A rule that says who hears of what.
            RuleId
            /// Whom messages call by name.
            PersonId
            /// A template of messages.
            TemplateId
            /// A prompt for reviews.
            PromptId
            /// A model of an AI backend.
            ModelId
            /// An accepted delivery.
            EventId
            /// What events are about. It has the number of the first one: see [`SubjectId::of`].
            SubjectId
            /// One event for one target.
            PushId
            /// A review. It has the number of its event: see [`ReviewId::of`].
            ReviewId
            /// A replay of dead letters or of an event.
            ReplayId
            /// An entry of one of the logs.
            LogId
        }
    };
}

macro_rules! types {
    ($($(#[$doc:meta])* $id:ident)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
        #[derive(Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $id(i64);

        impl $id {
            pub const fn new(number: i64) -> Self {
                Self(number)
            }

            pub const fn get(self) -> i64 {
                self.0
            }
        }

        impl RowId for $id {
            fn new(number: i64) -> Self {
                Self(number)
            }

            fn get(self) -> i64 {
                self.0
            }
        }

        impl fmt::Display for $id {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(formatter)
            }
        }

        impl FromStr for $id {
            type Err = ParseIntError;

            fn from_str(text: &str) -> Result<Self, ParseIntError> {
                text.parse().map(Self)
            }
        }

        impl From<$id> for serde_json::Value {
            fn from(id: $id) -> Self {
                id.0.into()
            }
        }

        // The API's document says of an id what it says of any number.
        impl JsonSchema for $id {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> Cow<'static, str> {
                i64::schema_name()
            }

            fn json_schema(generator: &mut SchemaGenerator) -> Schema {
                i64::json_schema(generator)
            }
        }
    )*};
}

for_each_id!(types);

impl ReviewId {
    /// The review of this event: an event has one, which is stored under the event's number.
    pub const fn of(event_id: EventId) -> Self {
        Self(event_id.0)
    }

    /// The event that is reviewed.
    pub const fn event(self) -> EventId {
        EventId(self.0)
    }
}

impl SubjectId {
    /// The subject whose first event this is.
    pub const fn of(event_id: EventId) -> Self {
        Self(event_id.0)
    }
}

#[cfg(test)]
mod tests;
