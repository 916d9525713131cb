//! Configured AI models.

pub mod api;
pub mod call;
mod choice;
mod form;
#[expect(
    clippy::module_inception,
    reason = "each noun has its types in `model`, also the one of that name"
)]
pub mod price;
mod settings;
pub mod store;
mod types;

pub use choice::require;
pub use types::Model;
