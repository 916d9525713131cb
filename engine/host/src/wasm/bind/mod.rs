//! The contract's versions, a file or folder each. The newest holds the conversions; older ones
//! forward to it.

mod bounds;
mod delivery;
mod from_guest;
mod imports;
mod line;
mod mapping;
mod ports;
mod to_guest;
mod v0_1;

pub(super) use imports::link;
pub(super) use v0_1::{Guest, Indices};
