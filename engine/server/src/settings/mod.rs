//! What a user likes: where and when to be told things, language, time zone, looks.

pub mod api;
mod change;
pub mod store;
mod types;

pub use types::{Language, Settings, timezone_of, zone_or_own};
