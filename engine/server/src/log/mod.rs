//! The three logs: what the server says (system), what people did (operation), what models were
//! asked (AI calls).

pub mod ai_call;
pub mod api;
mod entry;
pub mod export;
mod kind;
pub mod operation;
pub mod retention;
pub mod search;
pub mod stats;
pub mod store;
pub mod system;

pub use entry::Entry;
pub use kind::Kind;
