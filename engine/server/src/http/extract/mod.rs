//! What handlers take from a request. A failure is enveloped and names the field.

mod body;
mod form;
mod notes;
mod path;
mod query;
mod shown;
#[cfg(test)]
mod tests;
mod time;
mod unknown;
mod upload;

pub use body::{Body, FromForm, nothing_in};
pub use form::Form;
pub(crate) use form::without_bom;
use notes::Notes;
pub use path::{Id, IdPair, ids};
pub use query::{Asked, FromQuery, Query};
pub use shown::Shown;
pub use time::Dates;
pub use upload::Upload;
