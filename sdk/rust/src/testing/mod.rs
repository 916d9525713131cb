//! Stands in for the engine in native unit tests.
//!
//! ```
//! use push_notify_sdk::{Channel, Message, testing};
//! # use push_notify_sdk::{Failure, Receipt, Secret, http};
//! # #[derive(serde::Deserialize)] struct Config { token: Secret }
//! # struct Chat;
//! # impl Channel for Chat {
//! #     type Config = Config;
//! #     fn send(config: Config, message: Message) -> Result<Receipt, Failure> {
//! #         let url = format!("https://chat.example.com/send?token={}", config.token);
//! #         http::post(url).json(&message.title).send()?.check()?;
//! #         Ok(Receipt::default())
//! #     }
//! # }
//!
//! let host = testing::Host::new().http(|_request| Ok(testing::response(200, "{}")));
//! let config = serde_json::from_str(r#"{"token": "placeholder"}"#).unwrap();
//! let message = Message { title: "hello".into(), ..Message::default() };
//!
//! let receipt = host.run(|| Chat::send(config, message));
//!
//! assert!(receipt.is_ok());
//! assert_eq!(host.requests()[0].url, "https://chat.example.com/send?token=placeholder");
//! ```

pub mod conformance;
pub mod forge;

mod answer;
mod cache;
mod class;
mod crypto;
mod delivery;
pub(crate) mod engine;
mod events;
mod host;
mod shown;
#[cfg(test)]
mod tests;

pub use crate::bindings::host::push_notify::plugin::http::Request;
pub use crate::bindings::host::push_notify::plugin::log::Level;
pub use answer::{json_response, response};
pub use class::class;
pub use delivery::{is_malformed, is_unauthenticated, webhook};
pub use events::{merge_request, push};
pub use host::{Host, Line, Mail};
pub use shown::outcome;
