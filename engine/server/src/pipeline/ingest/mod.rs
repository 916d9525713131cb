//! Stage one: from a request to a committed event with a push for each target.

mod admission;
mod answer;
pub(super) mod authenticate;
pub(super) mod envelope;
mod inspect;
pub(super) mod lookup;
pub(super) mod one;
mod pointer;
pub(super) mod receive;
pub(super) mod route;
pub(super) mod rows;
pub(super) mod scrub;

pub(super) use admission::Admission;
pub use admission::{BodyPermit, Caller};
pub use answer::{Answer, Refusal};
pub use inspect::Looked;
