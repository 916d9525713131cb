//! Pushes: one event for one target, with its attempts and how it ended. The pipeline makes and sends them.

pub mod api;
mod model;
pub mod stats;
pub mod store;

pub use api::MOST_RETRIES;
pub use model::{Stats, Status};
