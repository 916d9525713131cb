//! Accepted webhook deliveries, normalised.

pub mod api;
pub mod codec;
pub mod scene;
pub mod store;
pub mod summary;
mod types;

pub use types::{Detail, Entry, REMOVABLE, STATES};
