//! Configured AI models.

pub mod api;
pub mod call;
mod choice;
mod form;
pub mod price;
mod settings;
pub mod store;
mod types;

pub use choice::require;
pub use types::Model;
