//! Telling the owner of a target that it fails: once, and by another way than that target.

mod message;
mod push;
mod store;
mod tell;
mod watch;
mod way;

pub use watch::{look, run};
