//! How a change becomes questions to a model, and how its replies become a review. Nothing here
//! asks a model or the database.

mod in_force;
mod settings;
mod types;

// From a change to questions.
pub mod ask;
pub mod diff;
pub mod language;
pub mod plan;
pub mod select;
pub mod tokens;

// From replies to a result, and how it is told.
pub mod answer;
pub mod comment;
pub mod merged;
pub mod words;

pub use in_force::InForce;
pub use push_notify_core::patterns::{self, Patterns};
pub use settings::{Language, ReviewSettings, Severity, Shown, Style, Trigger};
pub use types::{Coverage, Decision, Issue, LeftOut, Reason};
