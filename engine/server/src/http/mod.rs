//! HTTP: the route table, the envelope around every answer, and what all handlers share. The
//! handlers themselves are in the features' `api.rs`.

pub mod access;
mod arrival;
pub mod auth;
pub mod client;
pub mod code;
pub mod delivery;
pub mod describe;
pub mod docs;
pub mod download;
pub mod endpoint;
pub mod envelope;
pub mod error;
pub mod extract;
pub mod locale;
mod measure;
mod metrics_listener;
mod middleware;
pub mod openapi;
pub mod operations;
mod pace;
pub mod rate_limit;
pub mod rehearsal;
pub mod replay;
pub mod request_id;
mod router;
mod serve;
mod strict;
mod trace;
pub mod view;
pub mod webhook;
mod worker;

pub use download::Download;
pub use envelope::{Answer, Listed, Reply};
pub use error::ApiError;
pub use locale::AcceptLanguage;
pub use metrics_listener::metrics_routes;
pub use router::{endpoints, router};
pub use serve::serve;
