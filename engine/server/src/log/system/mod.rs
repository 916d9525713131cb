//! What the server says about itself, kept in the database beside standard error: a tracing layer
//! hands the lines to a bounded queue, and a task writes them in batches. Whoever logs never waits.

mod layer;
mod level;
mod line;
mod queue;
pub mod store;
mod writer;

pub use layer::Recorder;
pub use level::Level;
pub use line::Line;
pub use queue::{Dropped, Lines, Sender, queue};
pub use types::SystemEntry;
pub use writer::run;

#[cfg(test)]
mod tests;
mod types;
