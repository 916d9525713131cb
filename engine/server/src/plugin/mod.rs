//! What is known of the loaded plugins, and what they say about configurations.

pub mod api;
mod grants;
pub mod settings;
mod sources;
mod types;

pub use grants::faults as grant_faults;
pub use sources::sources;
pub use types::{failures, loaded, unknown_type, views};
