//! People and teams whom messages call by name, or who hear directly. They need no account.

pub mod api;
mod book;
mod form;
mod identity;
mod import;
pub mod store;
mod types;
mod unknown;

pub use book::{Book, host_in};
pub use identity::{Identity, is_mentioned_by};
pub use types::{Kind, Notify, Person};
