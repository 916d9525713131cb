//! Whom things belong to, and what follows from it: who may change them, and who sees them.
//!
//! A repository, target, template or prompt belongs to a user or to a team; without either, to the
//! administrators. Events, pushes, reviews and replays follow what they belong to. The route table
//! says where this counts; [`permit`] and the conditions in [`store`] are what it comes to.

mod give;
mod permit;
pub mod store;
mod types;

pub use give::{Wish, given, heir, remaining};
pub use permit::{permit, require_all, sees};
pub use types::{Owner, Sight, Standing, Thing};
