//! How long things are kept, and how much of them.

use serde::{Deserialize, Serialize};

/// In days. 0: for ever.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Retention {
    pub keep_days: u32,
    pub keep_failed_days: u32,
    /// 0: as long as the event.
    pub keep_body_days: u32,
    pub keep_parked_days: u32,
}

/// In MiB. 0: no bound.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Storage {
    pub repo_mib: u64,
    pub owner_mib: u64,
    pub parked_repo_mib: u64,
    pub parked_mib: u64,
}
