//! Accepted webhook deliveries, normalised.

pub mod api;
pub mod cast;
pub mod codec;
pub mod scene;
mod state;
pub mod store;
pub mod summary;
mod types;
mod untold;

pub use state::EventState;
pub use types::{Detail, Entry};
pub use untold::Untold;
