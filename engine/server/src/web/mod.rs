//! The HTTP server: the route table, the listeners, what surrounds every request, and the
//! endpoints that need the pipeline. All others are in the features' `api.rs`.

mod console;
mod delivery;
mod docs;
mod endpoint;
mod measure;
mod metrics_listener;
mod middleware;
mod openapi;
mod operations;
mod rehearsal;
mod replay;
mod router;
mod routing;
mod serve;
mod strict;
mod trace;
mod webhook;
mod worker;

pub use endpoint::Endpoint;
pub use metrics_listener::metrics_routes;
pub use router::{endpoints, router};
pub use serve::serve;
