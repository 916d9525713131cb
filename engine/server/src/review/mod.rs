//! Reviews of changes by a model: what repositories ask of them, and what comes out.

pub mod api;
mod model;
mod settings;
pub mod store;

pub use model::{Coverage, Decision, Issue, LeftOut, Reason};
pub use settings::{Language, SCENE, Settings, Severity, Shown, Style, Trigger};
