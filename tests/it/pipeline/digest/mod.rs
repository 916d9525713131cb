//! Bursts over a target's rate: what had to wait goes out as one message, if the target allows it,
//! and nothing is lost with it.

mod burst;
mod trouble;
mod world;
