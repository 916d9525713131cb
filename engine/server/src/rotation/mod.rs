//! Secrets in the database: which columns hold them, and how one key takes the place of another.

mod rotate;
mod store;
mod unlock;

pub use rotate::{Census, Error, Rotated, census, rotate};
pub use unlock::{check_stored, reload, unlock, watch};
