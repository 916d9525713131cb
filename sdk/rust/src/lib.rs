//! Write plugins for Push Notify: channels, Git providers and AI backends.
//!
//! A plugin is a configuration struct, an implementation of [`Channel`], [`Provider`] or [`Ai`],
//! and one macro line. It is a plain library crate, so `cargo test` runs its tests natively
//! ([`testing`] stands in for the engine); `push-notify-plugin build` makes the WebAssembly
//! component that the engine loads.
//!
//! ```
//! use push_notify_sdk::{Channel, Failure, Message, Receipt, Secret, channel, http};
//!
//! #[derive(serde::Deserialize)]
//! struct Config {
//!     url: String,
//!     token: Option<Secret>,
//! }
//!
//! struct Webhook;
//!
//! impl Channel for Webhook {
//!     type Config = Config;
//!
//!     fn send(config: Config, message: Message) -> Result<Receipt, Failure> {
//!         let mut request = http::post(&config.url);
//!         if let Some(token) = &config.token {
//!             request = request.header("authorization", format!("Bearer {token}"));
//!         }
//!         request
//!             .json(&serde_json::json!({"title": message.title, "text": message.body}))
//!             .send()?
//!             .check()?;
//!         Ok(Receipt::default())
//!     }
//! }
//!
//! channel!(Webhook);
//! # fn main() {}
//! ```

// The generated bindings and the macros name this crate by its own name, inside it and out.
extern crate self as push_notify_sdk;

mod ai;
mod channel;
mod provider;

mod failure;
mod secret;
mod webhook;

pub mod cache;
pub mod card;
pub mod clock;
pub mod completion;
pub mod crypto;
pub mod delivery;
pub mod forge;
pub mod http;
pub mod json;
pub mod log;
pub mod markdown;
pub mod random;
pub mod smtp;

#[cfg(not(target_arch = "wasm32"))]
pub mod testing;

#[doc(hidden)]
pub mod bindings;
mod call;
#[cfg(test)]
mod tests;

pub use ai::Ai;
pub use channel::{Channel, Replies, Updates};
pub use provider::{Changes, Mappings, MergeRequests, Provider, Reviews};
pub use secret::Secret;

pub use bindings::host::push_notify::plugin::ai_types::{
    Completion, ModelInfo, Request as AiRequest, Role, StopReason, Turn, Usage,
};
pub use bindings::host::push_notify::plugin::channel_types::{
    Followed, Link, Mention, Mentioned, Message, Receipt,
};
pub use bindings::host::push_notify::plugin::provider_types::{
    Challenge, ChangePage, ChangeScope, ChangeStatus, CommitStatus, Decision, Delivery, Effect,
    FileChange, MappingProblem, MergeRequestStatus, Misfit, NewMergeRequest, Omission, Preset,
    Published, Rejection, Review, ReviewComment, StatusState, Webhook,
};
pub use bindings::host::push_notify::plugin::types::{
    Alert, AlertGroup, Comment, Commit, Deployment, Event, Failure, Field, Header, Issue, Job,
    Label, MergeRequest, Partial, Person, Pipeline, RecipientProblem, Release, Repository, Retry,
    RunState, Severity,
};

use bindings::host::push_notify::plugin::provider_types::Reception;

/// The other side of every host function: the engine, or what stands in for it in native tests.
#[cfg(target_arch = "wasm32")]
use bindings::host::push_notify::plugin as engine;
#[cfg(not(target_arch = "wasm32"))]
use testing::engine;

/// For the macros. Not part of the API.
#[doc(hidden)]
pub mod __private {
    pub use crate::ai::{Exported as Ai, is_ai};
    pub use crate::channel::{Exported as Channel, can_reply, can_update, is_channel};
    pub use crate::provider::{
        Exported as Provider, can_map, can_open_merge_requests, can_show_reviews, can_tell_changes,
        is_provider,
    };
    pub use wit_bindgen::rt;
}
