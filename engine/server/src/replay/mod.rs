//! Replays: what somebody wanted to be sent again, and how far that is. The pipeline does it.

pub mod api;
pub mod difference;
pub mod store;
mod types;

pub use types::{Detail, Entry, KINDS, STATES};
