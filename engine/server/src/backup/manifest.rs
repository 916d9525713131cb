use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What this release writes.
pub(super) const FORMAT: u32 = 1;

/// What a backup says of itself: `manifest.json` in the archive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Of the archive.
    pub format: u32,
    /// The release that made it.
    pub version: String,
    /// The version of the database's schema.
    pub schema: i64,
    pub made_at: String,
    /// Whether a server ran: what waited in the backup it may have delivered since.
    pub live: bool,
    /// Of `push-notify.db`.
    pub bytes: u64,
    pub sha256: String,
    /// The keys that the secrets may be sealed by, the current one first.
    pub key_ids: Vec<String>,
    /// Whether `secret.key` is in the archive.
    pub with_key: bool,
    /// Rows by table.
    pub rows: BTreeMap<String, i64>,
}
