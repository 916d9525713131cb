//! The Push Notify server: the durable road from a webhook to delivered messages, and the admin API
//! around it.
//!
//! One folder a noun (`repo/`, `target/`, `push/`, ...), and `pipeline/` for the road itself.
//! `ARCHITECTURE.md` has the map.

pub mod api_key;
pub mod app;
pub mod auth;
pub mod backup;
pub mod cli;
pub mod dead_letter;
mod descriptors;
pub mod event;
pub mod http;
mod loading;
pub mod log;
pub mod mail;
pub mod metrics;
pub mod model;
pub mod otel;
pub mod owner;
pub mod owner_alert;
pub mod person;
pub mod pipeline;
mod placeholder;
pub mod plugin;
pub mod prompt;
pub mod push;
pub mod replay;
pub mod repo;
pub mod retention;
pub mod review;
pub mod rotation;
pub mod rule;
pub mod run;
pub mod session;
pub mod settings;
pub mod shared;
mod shares;
pub mod stats;
pub mod storage;
pub mod subject;
pub mod system;
pub mod target;
pub mod team;
pub mod telemetry;
pub mod template;
pub mod test_message;
pub mod user;
pub mod web;
mod word;
