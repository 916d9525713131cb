//! Dead letters: pushes that ended without success and in whose place nothing was sent yet. Test messages are none: whoever
//! sent one was told.

pub mod api;
mod model;
mod selection;
pub mod store;

pub use model::{Entry, Summary};
pub use selection::Selection;
