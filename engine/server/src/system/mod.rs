//! How the server is.

mod api;
mod health;

pub use api::{config, health};
pub use health::Checks;
