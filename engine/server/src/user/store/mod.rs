//! SQL on `users` and `activations`.

mod accounts;
mod activations;
mod managed;

pub use accounts::*;
pub use activations::*;
pub use managed::*;
