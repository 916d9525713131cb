//! The picture that a login needs after some failures.

mod glyph;
mod key;
mod picture;
#[cfg(test)]
mod tests;

pub use key::{Captcha, LIFETIME_SECONDS, Used, is_solved, make, open};
