//! Removes events, with all that hangs on them, when they are older than the configuration wants
//! them kept; and what else would grow for ever. The logs' rows go by `log/retention.rs`.

mod pace;
mod run;
mod store;

pub use run::{Removed, prune, run};
