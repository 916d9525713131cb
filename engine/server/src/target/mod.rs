//! Configured destinations.

pub mod api;
mod digest;
mod form;
pub mod health;
mod model;
mod quiet;
pub mod store;

pub use digest::Digest;
pub use model::{Brief, Entry, Scope, Status, Target, no_such};
pub use quiet::{Quiet, QuietHours};
