//! What Prometheus is told: counters and histograms that the stages feed, and what is looked up
//! when somebody asks.

mod instrument;
mod page;
mod process;
mod queue;
mod store;
mod text;

mod api;
mod types;

pub use api::{show, show_apart};
pub use instrument::{Counter, Family, Gauge, Histogram};
pub use queue::Looked;
pub use types::{Metrics, between};
