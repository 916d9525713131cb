//! `push-notify-plugin build`.

mod cargo;
mod finish;
mod run;
mod source;
#[cfg(test)]
mod tests;

pub use cargo::{artifacts, cargo};
pub use finish::{Built, finish};
pub use run::run;
pub use source::Source;
