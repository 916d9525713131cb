//! Accepted webhook deliveries, normalised.

pub mod api;
pub mod codec;
pub mod scene;
mod state;
pub mod store;
pub mod summary;
mod types;

pub use state::EventState;
pub use types::{Detail, Entry};
