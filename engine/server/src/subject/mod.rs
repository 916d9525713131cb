//! What events are about: a merge request, an issue, the pipelines of a ref, a group of alerts.
//! Each has a row, which the committer keeps with every event; by it is decided whether an event is
//! told.

pub mod api;
pub mod edge;
pub mod store;
mod types;

pub use edge::{Edge, Known};
pub use types::{Detail, Entry, Row, Said};
