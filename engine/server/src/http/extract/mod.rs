//! What handlers take from a request. A failure is enveloped and names the field.

mod body;
mod form;
mod notes;
mod path;
mod query;
#[cfg(test)]
mod tests;
mod time;
mod unknown;
mod upload;

pub(super) use body::nothing_in;
pub use body::{Body, FromForm};
pub use form::Form;
pub(crate) use form::without_bom;
use notes::Notes;
pub(super) use path::ids;
pub use path::{Id, IdPair};
pub use query::{Asked, FromQuery, Query};
pub use time::Dates;
pub use upload::Upload;
