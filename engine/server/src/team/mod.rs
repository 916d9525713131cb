//! Teams of users, who own things together.

pub mod api;
mod form;
pub mod store;
mod types;

pub use types::{Role, Team};
