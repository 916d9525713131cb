//! Logins. A session is a chain of refresh tokens; access tokens name their session.

pub mod api;
mod cache;
pub mod captcha;
pub mod lockout;
mod login;
pub mod store;
pub mod token;

pub use cache::{SessionCache, user_of};
