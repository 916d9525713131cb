//! How messages are rendered: versioned texts, one default for each channel and scene.

pub mod api;
pub mod engine;
mod form;
mod model;
mod render;
pub mod scene;
mod seed;
pub mod store;

pub use form::problem;
pub use model::Template;
pub use render::render;
pub use scene::SCENES;
pub use seed::ensure_builtin;
