//! Logins. A session is a chain of refresh tokens; access tokens name their session.

pub mod api;
pub mod store;
pub mod token;
