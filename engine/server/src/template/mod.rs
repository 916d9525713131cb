//! How messages are rendered: versioned texts, one default for each channel and scene.

pub mod api;
mod form;
mod model;
mod render;
mod seed;
pub mod store;

pub use form::problem;
pub use model::Template;
pub use render::render_stored;
pub use seed::ensure_builtin;
