//! Who may log in.

mod account;
mod activation;
pub mod api;
mod first;
mod form;
pub mod password;
pub mod recovery;
mod rules;
pub mod store;
mod types;

pub use first::ensure_admin;
pub use types::{Badge, Profile, Role, Status, User};
