//! What models were asked, and what came of it.

mod model;
pub mod store;

pub use model::{AiCallEntry, Call, Outcome};
pub use store::insert;
