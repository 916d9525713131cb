//! How much room the deliveries of each repository take up with their messages, and how much they
//! may: nobody fills the disk for the others. It is counted in memory, so that no delivery waits
//! for it, and written down every few seconds.

mod book;
mod keep;
mod recount;
mod store;
mod types;

pub use book::Storage;
pub use keep::run;
pub use recount::recount;
pub use types::{Account, Full, Held, Owner, PUSH_BYTES};
