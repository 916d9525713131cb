//! Configuration: the built-in defaults, then a file, then the environment. Unknown keys are refused.

mod load;
mod redact;
mod sections;
#[cfg(test)]
mod tests;

pub use load::{DEFAULTS, load, load_as};
pub use redact::redacted;
pub use sections::*;
