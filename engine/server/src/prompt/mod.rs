//! What AI models are asked: versioned texts with variables.

pub mod api;
mod builtin;
mod choose;
mod exchange;
mod form;
mod labels;
mod name;
pub mod store;
mod text;
mod types;

pub use builtin::ensure_builtin;
pub use choose::{Candidate, choose};
pub use labels::{CATEGORIES, SEVERITIES};
pub use types::{Kind, Prompt};
