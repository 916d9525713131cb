//! Reviews of changes by a model: what repositories ask of them, how changes become questions and replies become results.

pub mod api;
mod choice;
mod codeview;
mod detail;
mod entry;
mod figures;
mod form;
mod in_force;
mod model;
mod settings;
pub mod store;

// From a change to questions.
pub mod ask;
pub mod diff;
pub mod patterns;
pub mod plan;
pub mod select;
pub mod tokens;

// From replies to a result, and how it is told.
pub mod answer;
pub mod comment;
pub mod whole;
pub mod words;

pub use choice::require;
pub use codeview::Codeview;
pub use detail::{Comment, Detail};
pub use entry::{Entry, Status};
pub use figures::Figures;
pub use form::Change;
pub use in_force::InForce;
pub use model::{Coverage, Decision, Issue, LeftOut, Reason};
pub use patterns::Patterns;
pub use settings::{Language, Settings, Severity, Shown, Style, Trigger};
