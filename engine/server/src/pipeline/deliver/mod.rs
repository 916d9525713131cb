//! Stage three: one attempt at one push. It renders (once), calls the channel, and settles what
//! became of it.

mod compose;
mod feedback;
mod mention;
mod record;
mod redact;
pub(super) mod render;
pub(super) mod send;
mod verdict;

pub(super) use mention::Cast;
