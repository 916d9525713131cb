//! Who may log in.

mod account;
mod activation;
pub mod api;
mod first;
mod form;
mod model;
pub mod password;
pub mod recovery;
mod rules;
pub mod store;

pub use first::ensure_admin;
pub use model::{Badge, Profile, Role, Status, User};
