//! A copy of an SQLite database while its server runs, and the way back. Both are commands; the
//! server has no part in them.

mod access;
mod archive;
mod make;
mod manifest;
mod restore;
mod scratch;
mod store;

pub use make::{Made, Options, key_place, make};
pub use manifest::Manifest;
pub use restore::{ApiKeys, KeysAt, Restored, Waiting, restore};
pub use store::WaitingWork;
