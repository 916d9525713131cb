//! How the server is.

mod api;
mod disk;
mod fresh;
mod health;
mod problem;
mod pulse;
mod ready;

pub use api::{config, health, live, ready};
pub use health::Health;
pub use problem::{Problem, Severity};
pub use pulse::{Pulse, Running};
pub use ready::Checks;
