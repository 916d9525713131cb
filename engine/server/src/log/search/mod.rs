//! One search over all logs.

mod model;
pub mod store;

pub use model::Found;
