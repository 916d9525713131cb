//! Dead letters: pushes that ended without success and in whose place nothing was sent yet. Test
//! messages are none: whoever sent one was told.

pub mod api;
mod selection;
pub mod store;
mod types;

pub use selection::Selection;
pub use types::{Entry, Summary};
