//! Replays: what somebody wanted to be sent again, and how far that is. The pipeline does it.

pub mod api;
pub mod difference;
mod model;
pub mod store;

pub use model::{Detail, Entry, KINDS, STATES};
