//! Mail: one transaction a call of `send`, over pooled connections.

mod connection;
mod echo;
mod message;
mod pool;
mod send;
mod settings;
mod stream;
#[cfg(test)]
mod tests;

pub(crate) use message::{Envelope, Error, Reply, Server, Tls};
pub(crate) use pool::Pool;
pub(crate) use send::send;
