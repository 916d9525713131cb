//! Git repositories that send us webhooks.

pub mod api;
mod form;
mod model;
pub mod store;
mod url;

pub use model::{EVENTS, Repo, Status};
