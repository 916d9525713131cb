//! The host against real components: the guests of `tests/guests`, built by `make guests`.

#[path = "host/artefacts.rs"]
mod artefacts;
#[path = "host/faults.rs"]
mod faults;
#[path = "host/mail.rs"]
mod mail;
#[path = "host/mail_faults.rs"]
mod mail_faults;
#[path = "host/mail_server.rs"]
mod mail_server;
#[path = "host/network.rs"]
mod network;
#[path = "host/provider.rs"]
mod provider;
#[path = "host/registry.rs"]
mod registry;
#[path = "host/secrets.rs"]
mod secrets;
#[path = "host/setup.rs"]
mod setup;
