//! Reviews of changes by a model: what repositories ask of them, how changes become questions and replies become results.

pub mod api;
pub mod store;

mod model;
pub mod patterns;
mod settings;
pub mod words;

pub mod answer;
pub mod ask;
pub mod diff;
pub mod plan;
pub mod select;
pub mod tokens;
pub mod whole;

pub mod comment;

pub use model::{Coverage, Decision, Issue, LeftOut, Reason};
pub use settings::{Language, SCENE, Settings, Severity, Shown, Style, Trigger};
