//! HTTP to the hosts that `plugin.toml` asks for (`permissions.http`) and the operator granted.
//! Redirects are not followed; sizes, times and the number of requests in a call are capped.
//!
//! ```no_run
//! # fn main() -> Result<(), push_notify_sdk::Failure> {
//! use push_notify_sdk::http;
//!
//! #[derive(serde::Deserialize)]
//! struct Answer {
//!     id: u64,
//! }
//! let answer: Answer = http::post("https://api.example.com/messages")
//!     .query("room", "general")
//!     .json(&serde_json::json!({"text": "hello"}))
//!     .send()?
//!     .check()?
//!     .json()?;
//! # Ok(())
//! # }
//! ```

mod error;
mod request;
mod response;
#[cfg(test)]
mod tests;

pub use crate::bindings::host::push_notify::plugin::http::{Error, Method, Response};
pub use request::{Request, delete, get, head, patch, post, put};
