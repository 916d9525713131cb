//! Deliveries that their parser cannot read now, and pushes whose channel is out of order: kept,
//! and taken up by themselves later.

pub(super) mod late;
mod park;
pub(super) mod passes;
pub(super) mod unpark;

pub use unpark::Replayed;
