//! Telling the owner of a target that it fails: once, and by another way than that target. And the
//! owner of a repository that its deliveries wait.

mod message;
mod push;
mod repo;
mod store;
mod tell;
mod watch;
mod way;

pub use watch::{look, run};
