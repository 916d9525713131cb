//! Runs the sends: a lane for each target, so that a slow one holds up nobody else, and one bound
//! over all.

mod breakers;
mod converse;
mod dispatcher;
pub(super) mod lane;
mod rate;
mod slot;
mod worker;
mod worker_guard;

pub(super) use dispatcher::{DispatchTarget, Dispatcher, WeakDispatcher};
pub use lane::OPEN_SENDS;
pub(super) use slot::Slot;
