//! From a webhook to a review, to the message about it, and to what the Git host shows.

pub mod team;

mod budget;
mod crash;
mod hosts;
mod models;
mod outcome;
mod publish;
mod replay;
mod replies;
mod untrusted;
