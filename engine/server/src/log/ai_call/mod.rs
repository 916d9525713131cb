//! What models were asked, and what came of it.

pub mod store;
mod types;

pub use store::insert;
pub use types::{AiCallEntry, Call, Outcome};
