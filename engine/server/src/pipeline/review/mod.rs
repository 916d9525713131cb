//! Stage two, for repositories that ask for it: from an event to a review, and from there to the
//! Git host. The event's pushes wait for it, but no longer than `review.deadline_seconds`.
//!
//! A worker claims a review, gathers the changes part by part, asks a model about them, and
//! settles: the result is stored and the pushes come due in one transaction. Showing it at the host
//! is a step of its own, with its own retries, that no notification waits for.

mod ask;
mod budget;
mod gather;
mod prompts;
mod publish;
mod question;
mod queue;
mod reviewer;
mod settle;
mod wanted;
mod work;

pub(super) use reviewer::run;
