//! Figures over all nouns.

pub mod api;
mod overview;
mod store;
mod usage;
