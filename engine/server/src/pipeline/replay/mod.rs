//! Sends or reads again what is stored: dead letters that somebody selected, and events from their
//! stored deliveries.

pub(super) mod dead_letters;
mod event;
mod preview;
mod prompts;
mod read;
mod store;

pub use event::{Made, ReplayError, ReplayRequest};
