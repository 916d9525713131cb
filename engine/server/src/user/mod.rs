//! Who may log in.

mod first;
mod model;
pub mod password;
pub mod store;

pub use first::ensure_admin;
pub use model::{Badge, Profile, Role, Status, User};
