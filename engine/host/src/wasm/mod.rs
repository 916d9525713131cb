//! Plugins as WebAssembly components.

mod artefact;
mod bind;
mod code;
mod engine;
mod instance;
mod limits;
mod memory;
mod plugin;
mod pool;
mod private;
mod ticker;

pub(crate) use engine::Runtime;
pub(crate) use memory::give_back;
pub(crate) use plugin::{Counts, Plugin};
pub(crate) use ticker::Ticker;
