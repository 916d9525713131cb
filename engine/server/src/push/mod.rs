//! Pushes: one event for one target, with its attempts and how it ended. The pipeline makes and
//! sends them.

mod new;
pub mod state;

pub mod api;
pub mod stats;
pub mod store;
mod types;

pub use api::MOST_RETRIES;
pub use new::{Besides, NewPush};
pub use state::{Outcome, PushState};
pub use types::{Stats, Status};
