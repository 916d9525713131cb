//! A delivery that nobody sent: made from the provider's sample, signed with the repository's
//! secret, and taken down the road up to each channel.

mod mapped;
mod rehearse;
mod sample;

pub use rehearse::{Expected, Outcome, Step};
pub(super) use rehearse::{about_template, not_loaded};
pub(super) use sample::proof;
