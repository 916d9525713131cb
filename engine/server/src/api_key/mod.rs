//! Keys with which programs use the API in a user's name.

pub mod api;
mod form;
mod key;
mod model;
pub mod store;

pub use key::{PREFIX, digest};
pub use model::ApiKey;
