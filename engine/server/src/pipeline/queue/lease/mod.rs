//! Leases that end otherwise than by themselves: their server is gone, or nobody knows whether they
//! were ever written.

mod orphans;
pub(in crate::pipeline) mod takeover;
pub(in crate::pipeline) mod uncertain;
