//! The `.wasm` file: made, read and checked.

mod check;
mod encode;
mod surface;
#[cfg(test)]
mod tests;

pub use check::check;
pub use encode::{embed, encode};
pub use surface::{Surface, read};
