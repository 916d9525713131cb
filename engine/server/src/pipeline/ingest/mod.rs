//! Stage one: from a request to a committed event with a push for each target.

mod admission;
pub(super) mod authenticate;
pub(super) mod envelope;
mod inspect;
pub(super) mod lookup;
mod pointer;
pub(super) mod receive;
pub(super) mod scrub;

pub(super) use admission::Admission;
pub use admission::{BodyPermit, Caller};
pub use inspect::Looked;
pub use receive::{Answer, Refusal};
