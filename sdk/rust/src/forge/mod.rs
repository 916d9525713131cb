//! What providers have in common when they call their Git host: where the API of a repository is, what the host's refusals mean, and
//! what a review has posted already.

mod answer;
mod home;
mod posted;
#[cfg(test)]
mod tests;

pub use answer::check;
pub use home::Home;
pub use posted::{Posted, with_folded};
