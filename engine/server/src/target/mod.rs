//! Configured destinations.

pub mod api;
mod form;
pub mod health;
mod model;
pub mod store;

pub use model::{Brief, Entry, Scope, Status, Target, no_such};
