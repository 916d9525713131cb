//! How the server is.

mod api;
mod health;

pub use api::health;
pub use health::Checks;
