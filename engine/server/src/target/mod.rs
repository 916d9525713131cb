//! Configured destinations.

pub mod api;
mod conversation;
mod digest;
mod form;
pub mod health;
pub mod quiet;
pub mod store;
mod types;

pub use conversation::Conversation;
pub use digest::DigestRule;
pub use quiet::{Quiet, QuietHours};
pub use types::{Brief, Entry, Scope, Status, Target, no_such};
