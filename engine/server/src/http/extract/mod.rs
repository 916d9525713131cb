//! What handlers take from a request. A failure is enveloped and names the field.

mod body;
mod form;
mod notes;
mod path;
mod query;
#[cfg(test)]
mod tests;
mod time;
mod upload;

pub use body::{Body, FromForm, read_body};
pub use form::Form;
use notes::Notes;
pub use path::{Id, IdPair};
pub use query::{Asked, FromQuery, Query};
pub use time::Dates;
pub use upload::Upload;
