//! What waits in the database, and how it is claimed: fairly, by one worker, under a lease.

pub(super) mod claim;
mod claimed;
mod due;
mod fairness;
pub(super) mod lease;
pub(super) mod poll;
pub(super) mod quiet;
pub(super) mod sweeper;

pub(super) use due::claimable;
pub use lease::takeover::recover;
