//! Logins. A session is a chain of refresh tokens; access tokens name their session.

pub mod api;
pub mod captcha;
mod known;
pub mod lockout;
mod login;
pub mod store;
pub mod token;

pub use known::{Known, user_of};
