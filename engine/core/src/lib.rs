//! What every part of the server stands on: time, randomness, configuration, the two languages,
//! files and secrets. Nothing here knows the server.

pub mod calendar;
pub mod clock;
pub mod config;
pub mod files;
pub mod i18n;
pub mod id;
pub mod patterns;
pub mod random;
pub mod secret;
