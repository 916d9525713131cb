//! Reviews as they are stored and shown. How a change becomes questions and replies become a review
//! is in the crate `push-notify-review`.

pub mod api;
mod choice;
mod codeview;
mod detail;
mod entry;
mod figures;
mod form;
mod state;
pub mod store;

pub use choice::require;
pub use codeview::Codeview;
pub use detail::{Comment, Detail};
pub use entry::{Entry, Status};
pub use figures::Figures;
pub use form::Change;
pub use state::{Publication, ReviewState};
