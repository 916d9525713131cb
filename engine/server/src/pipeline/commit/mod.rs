//! Group commit: one committer writes the rows of many requests in one transaction.
//!
//! This room and `dispatch` know each other on purpose. The lease of a push is written in
//! the transaction that accepts it, so the committer asks the dispatcher for room before it writes,
//! and hands over what has room after it; and the dispatcher's workers hand the committer what
//! became of it.

mod accept;
mod card;
mod committer;
mod health;
mod persist;
mod plan;
mod postgres;
mod review;
mod settle;
mod sqlite;

pub(super) use accept::{Acceptance, Accepted, find_equivalent_then};
pub(super) use card::{CardChange, CardKey};
pub use committer::CommitError;
pub(super) use committer::{Committer, Requests, run};
pub(super) use plan::{Made, Plan};
pub(super) use review::{NewReview, insert as insert_reviews, wanted as wanted_reviews};
pub(super) use settle::{Change, Settlement};
