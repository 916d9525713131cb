//! What handlers take from a request. A failure is enveloped and names the field.

mod body;
mod form;
mod path;
mod query;
#[cfg(test)]
mod tests;

pub use body::read_body;
pub use form::Form;
pub use path::{Id, IdPair};
pub use query::Query;
