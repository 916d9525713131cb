//! `/api/v1/logs`, and what fills and empties the logs.

mod export;
mod list;
mod retention;
pub mod rows;
mod stats;
mod system;
