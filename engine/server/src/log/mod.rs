//! The logs that the admin API shows.

pub mod ai_call;
pub mod operation;
pub mod store;
