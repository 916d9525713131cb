//! Teams of users, who own things together.

pub mod api;
mod form;
mod model;
pub mod store;

pub use model::{Role, Team};
