//! What a user likes: where and when to be told things, language, time zone, looks.

pub mod api;
mod change;
mod model;
pub mod store;

pub use model::{Language, Settings, timezone_of, zone_or_own};
