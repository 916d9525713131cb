//! Test messages: made-up data on the road that every message takes, tried once.

pub mod api;
mod message;
mod run;
mod store;
