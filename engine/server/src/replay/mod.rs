//! Replays: what somebody wanted to be sent again, and how far that is. The pipeline does it.

pub mod api;
pub mod difference;
mod state;
pub mod store;
mod types;

pub use state::ReplayState;
pub use types::{Detail, Entry, KINDS};
