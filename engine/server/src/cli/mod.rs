//! Commands of the `push-notify` binary.

mod backup;
mod check;
mod command;
mod report;
mod secrets;
mod serve;
mod user;

pub use command::main;
