//! What Prometheus is told: counters and histograms that the stages feed, and what is looked up when somebody asks.

mod instrument;
mod model;
mod page;
mod process;
mod queue;
mod store;
mod text;

mod api;

pub use api::{show, show_apart};
pub use instrument::{Counter, Family, Gauge, Histogram};
pub use model::{Metrics, between};
pub use queue::Looked;
