//! How messages are rendered: versioned texts, one default for each channel and scene.

pub mod api;
mod form;
mod render;
mod seed;
pub mod store;
mod types;

pub use form::problem;
pub use render::render_stored;
pub use seed::{built_in, ensure_builtin};
pub use types::Template;
