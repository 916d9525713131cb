//! All tests that drive the whole server, in one binary. A test's path is that of what it tests:
//! `api/` the HTTP API, `pipeline/` the road of a message, `cluster/` several servers, `operate/`
//! the commands and duties of an operator, `plugins/` what official plugins do to the world
//! outside, `shared/` what nodes share. `snapshot/` compares whole texts with what they were, and
//! `architecture/` looks at the tree itself.

mod api;
mod architecture;
mod cli;
mod cluster;
mod contract;
mod operate;
mod owner_alert;
mod pipeline;
mod plugins;
mod secrets;
mod shared;
mod snapshot;
mod tallies;
