//! The logs that the admin API shows.

pub mod operation;
