//! Configured AI models.

pub mod api;
pub mod call;
mod choice;
mod form;
#[expect(
    clippy::module_inception,
    reason = "each noun has its types in `model`, also the one of that name"
)]
mod model;
pub mod price;
mod settings;
pub mod store;

pub use choice::require;
pub use model::Model;
