//! Conversations: where a target says so, what follows about one thing changes its first message,
//! or answers it.
//!
//! A card is that first message, found again by the handle of its receipt. `claim` holds the card
//! for one push at a time and takes along what waits for it; `talk` calls the channel, down the
//! ladder from changing and answering to a new message; `outcome` says what becomes of the card and
//! of each push. The card is settled in the transaction that settles the push.

mod begin;
mod claim;
mod outcome;
mod talk;

pub(super) use begin::{Begun, begin};
pub(super) use talk::{Said, Talk, Told};
