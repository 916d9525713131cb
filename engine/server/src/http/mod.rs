//! The kit that every endpoint is made with: what it reads, what it answers, how it is described.
//! It knows neither the running server nor any feature.

pub mod arrival;
pub mod client;
pub mod code;
pub mod cookie;
pub mod describe;
pub mod download;
pub mod envelope;
pub mod error;
pub mod extract;
pub mod locale;
pub mod pace;
pub mod rate_limit;
pub mod request_id;
pub mod view;

pub use download::Download;
pub use envelope::{Answer, Listed, Reply};
pub use error::ApiError;
pub use locale::AcceptLanguage;
