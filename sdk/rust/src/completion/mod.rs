//! What AI backends have in common: prompts as most servers take them, answers of unknown shape
//! from anybody read with little memory and without a panic, what the model meant out of what it
//! said, and what an error means whoever makes it.

mod answer;
mod probe;
mod request;

mod address;
mod events;
mod failure;
mod prompt;
mod text;
mod words;

#[cfg(test)]
mod tests;

pub use crate::json::part as json;
pub use address::Address;
pub use answer::{Answer, Format, IsError, Said, alone, read, usage};
pub use events::{events, lines};
pub use failure::{
    Fault, check, checked, may_pass, only_thought, reason, refused, retry, unreadable, without,
};
pub use probe::{named, probe};
pub use prompt::{Message, limit, messages};
pub use request::{Penalties, Sampling, bearing, send};
pub use text::clean;
pub use words::{is_too_long, words, words_or_body};
