//! How messages are rendered: versioned texts, one default for each channel and scene.

pub mod api;
pub mod engine;
mod form;
mod model;
mod render;
mod seed;
pub mod store;

pub use form::problem;
pub use model::{SCENES, Template};
pub use render::render;
pub use seed::ensure_builtin;
