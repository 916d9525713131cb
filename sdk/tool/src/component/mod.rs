//! The `.wasm` file: made, read and checked.

mod check;
mod encode;
#[cfg(test)]
mod tests;

pub use check::{check, explained};
pub use encode::{embed, encode};
pub use push_notify_manifest::component::Surface;

use anyhow::Result;

/// Reads a component without running it.
pub fn read(bytes: &[u8]) -> Result<Surface> {
    Surface::read(bytes).map_err(explained)
}
