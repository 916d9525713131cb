//! Digests: pushes that had to wait for their target's rate go out as one message, when the target
//! allows it.
//!
//! `waited` notes whose way is closed. When it opens and enough wait there, `claim` leases them
//! together and gives them one number in `carried_by`, by which they stay together over retries and
//! crashes: the same pushes are the same message, under the same id. `sweep` makes a job of them,
//! whose message `text` writes; `outcome` says what becomes of each. One digest is one send.

mod claim;
mod job;
mod outcome;
mod sweep;
mod text;
mod waited;

pub(super) use job::DigestJob;
pub(super) use sweep::sweep;
pub(super) use waited::Waited;
