//! What a plugin can reach, one host interface a module; each body is written once, for every
//! contract version.

pub(crate) mod cache;
pub(crate) mod clock;
pub(crate) mod crypto;
pub(crate) mod http;
pub(crate) mod log;
pub(crate) mod random;
pub(crate) mod signing;
pub(crate) mod smtp;
