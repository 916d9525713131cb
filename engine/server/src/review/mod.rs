//! Reviews of changes by a model: what repositories ask of them, how changes become questions and replies become results.

pub mod api;
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

pub use model::{Coverage, Decision, Issue, LeftOut, Reason};
pub use patterns::Patterns;
pub use settings::{Language, SCENE, Settings, Severity, Shown, Style, Trigger};
