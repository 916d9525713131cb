//! Mail: one transaction a call of `send`, over pooled connections.

mod client;
mod connection;
mod echo;
mod message;
mod pool;
mod send;
mod settings;
mod starttls;
mod stream;
#[cfg(test)]
mod tests;

pub use client::Client;
pub use message::{Envelope, Error, Outcome, Reply, Server, Tls, ascii_domain};
pub(crate) use pool::Pool;
pub(crate) use send::send;
