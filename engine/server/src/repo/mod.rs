//! Git repositories that send us webhooks.

pub mod api;
mod form;
pub mod former;
mod setup;
pub mod store;
mod types;
mod url;

pub use types::{EVENTS, Repo, Status};
