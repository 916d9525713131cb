//! Finds a way to compile for `wasm32-unknown-unknown`.

mod compiler;
mod debian;
mod find;
mod linker;
mod rustc;
mod rustup;
mod sysroot;
#[cfg(test)]
mod tests;

pub use compiler::Compiler;
pub use find::{Finder, Route};
pub use rustc::Rustc;

/// The target of every plugin: it has no operating system, so that a component imports nothing but
/// the contract.
pub const TARGET: &str = "wasm32-unknown-unknown";
