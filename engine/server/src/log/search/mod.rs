//! One search over all logs.

pub mod store;
mod types;

pub use types::Found;
