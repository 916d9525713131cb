//! Configured destinations.

pub mod api;
mod form;
pub mod health;
mod model;
mod quiet;
pub mod store;

pub use model::{Brief, Entry, Scope, Status, Target, no_such};
pub use quiet::{Quiet, QuietHours};
