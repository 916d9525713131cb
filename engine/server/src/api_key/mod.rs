//! Keys with which programs use the API in a user's name.

pub mod api;
mod form;
mod key;
pub mod store;
mod types;

pub use key::{PREFIX, digest};
pub use types::ApiKey;
