//! The road: receive, review, render, send. Each stage reads its input from the database and leaves its result there.
//!
//! `receive` stores an event and its pushes in one commit and hands the pushes to the dispatcher, leased. The dispatcher runs
//! `send` for each under its target's limits; `send` renders, calls the channel and settles. What is not in memory (a retry, an
//! overflow, a dead worker's lease) waits in the table and is claimed by the sweeper, which may merge it (`digest`).

mod authenticate;
mod breakers;
mod commit;
mod context;
mod digest;
mod directory;
mod dispatch;
mod held;
mod intake;
mod kept;
mod lane;
mod late;
mod look;
mod message;
mod observe;
mod park;
mod parked;
mod patience;
mod queue;
mod quiet;
mod rate;
mod readable;
mod receive;
mod redrive;
mod rehearsal;
mod render;
mod replay;
mod reprocess;
mod review;
mod road;
mod send;
mod sign;
pub mod store;
mod sweep;
mod takeover;
mod turns;
mod unclear;
mod verdict;

pub use commit::CommitError;
pub use intake::{Caller, Room};
pub use lane::OPEN_SENDS;
pub use look::Looked;
pub use receive::{Answer, Refusal};
pub use rehearsal::{Expected, Outcome, Step};
pub use replay::Replayed;
pub use reprocess::{Made, Trouble, Wish};
pub use road::Pipeline;
pub use takeover::recover;
