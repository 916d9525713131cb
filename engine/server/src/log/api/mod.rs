//! `/api/v1/logs`, for administrators.

mod export;
mod list;
mod search;
mod stats;

pub use export::export;
pub use list::{ai_calls, operations, system};
pub use search::search;
pub use stats::stats;
