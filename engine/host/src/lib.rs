//! Loads and runs plugins. The only crate that knows wasmtime.

mod ports;
mod verdict;

mod call;
mod capability;
mod config;
mod error;
mod file;
mod git_address;
mod network;
mod permission;
mod quarantine;
mod registry;
mod secrets;
mod tls;
mod wasm;

/// Mail over SMTP: one way for the engine's own and for the plugins'.
pub mod smtp {
    pub use crate::capability::smtp::{
        Client, Envelope, Error, Outcome, Reply, Server, Tls, ascii_domain,
    };
}

pub use capability::cache::{MemoryCache, SharedCache};
pub use config::{Ceilings, HostConfig, Quarantine};
pub use error::HostError;
pub use file::PluginFile;
pub use git_address::{GitAddress, GitAddressError, GitScheme};
pub use network::NetworkPolicy;
pub use ports::*;
pub use registry::{Dialects, Host, PluginInfo, PluginState, Source};
pub use tls::trusting;
pub use verdict::{CallError, Failure, Partial, RecipientProblem, Rejection};
