//! What AI models are asked: versioned texts with variables.

pub mod api;
mod exchange;
mod form;
pub mod language;
mod model;
pub mod store;
mod text;

pub use model::{Kind, Prompt};
