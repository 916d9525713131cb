//! Configuration: the built-in defaults, then a file, then the environment. Unknown keys are
//! refused.

mod environment;
mod load;
mod log_filter;
mod problem;
mod redact;
mod rules;
mod sections;
mod source;
#[cfg(test)]
mod tests;
mod warnings;

pub use load::{DEFAULTS, Report, check, check_as, load, load_as};
pub use log_filter::text_filter;
pub use problem::Problem;
pub use redact::redacted;
pub use sections::*;
