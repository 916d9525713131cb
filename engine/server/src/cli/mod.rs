//! Commands of the `push-notify` binary.

mod command;
mod serve;

pub use command::main;
