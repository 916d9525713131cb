//! Git repositories that send us webhooks.

pub mod api;
mod form;
pub mod former;
mod model;
mod setup;
pub mod store;
mod url;

pub use model::{EVENTS, Repo, Status};
