//! The pipeline: ingest, review, deliver. Each stage reads its input from the database and leaves
//! its result there.
//!
//! `ingest` stores an event and its pushes in one commit and hands the pushes to the dispatcher,
//! leased. The dispatcher runs `deliver` for each under its target's limits: it renders, calls the
//! channel and settles. What is not in memory (a retry, an overflow, a dead worker's lease) waits
//! in the table and is claimed by the sweeper of `queue`, which may merge it (`digest`).

mod commit;
mod conversation;
mod deliver;
mod digest;
mod dispatch;
mod ingest;
mod parked;
mod queue;

mod rehearsal;
mod replay;
mod review;

mod cache;
mod explain;
mod message;
mod observe;
mod reader;
mod start;
pub mod store;
mod tasks;

pub use commit::CommitError;
pub use dispatch::OPEN_SENDS;
pub use explain::{ExplainError, Pasted};
pub use ingest::{Answer, BodyPermit, Caller, Looked, Refusal};
pub use parked::Replayed;
pub use queue::recover;
pub use rehearsal::{Expected, Outcome, Step};
pub use replay::{Made, ReplayError, ReplayRequest};
pub use start::Pipeline;
pub use tasks::{Records, start_housekeeping};
