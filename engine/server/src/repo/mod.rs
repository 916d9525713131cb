//! Git repositories that send us webhooks.

pub mod api;
mod form;
mod model;
mod setup;
pub mod store;
mod url;

pub use model::{EVENTS, Repo, Status};
