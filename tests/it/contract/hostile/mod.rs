//! Whatever is sent, nothing ends in a 5xx, and what breaks the document's schema is refused by
//! name.

mod bodies;
mod ids;
mod import;
mod judge;
mod queries;
mod request;
mod values;
