//! `/api/v1/reviews`, and what repositories ask of reviews.

mod list;
mod retry;
mod rows;
mod settings;
mod show;
mod stats;
