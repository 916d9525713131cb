//! Accepted webhook deliveries, normalised.

pub mod api;
pub mod codec;
mod model;
pub mod store;
pub mod summary;

pub use model::{Detail, Entry, REMOVABLE, STATES};
