//! What is known of the loaded plugins, and what they say about configurations.

pub mod api;
mod grants;
mod model;
pub mod settings;
mod sources;

pub use grants::faults as grant_faults;
pub use model::{failures, loaded, unknown_type, views};
pub use sources::sources;
