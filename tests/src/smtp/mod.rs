//! A mail server that does as it is told, and keeps what it took.

mod script;
mod server;
mod session;

pub use script::{Action, Stage};
pub use server::{Mail, Security, Smtp};
