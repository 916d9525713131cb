//! The schema, as the databases' own catalogues tell it.

mod agreement;
mod database;
mod snapshot;
mod tidy;
mod unreleased;
