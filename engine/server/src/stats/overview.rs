use crate::{push::Stats, review::Figures};
use schemars::JsonSchema;
use serde::Serialize;

/// How much of everything there is.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Overview {
    pub repos: Switched,
    pub targets: Switched,
    pub templates: Switched,
    pub models: Switched,
    pub prompts: i64,
    /// Null for whoever may not see users.
    pub users: Option<i64>,
    pub pushes: Pushes,
    /// In the caller's time zone.
    pub today: Pushes,
    pub ai_calls: Calls,
    #[serde(flatten)]
    pub of_reviews: Figures,
}

#[derive(Debug, Default, Clone, Copy, Serialize, JsonSchema)]
pub struct Switched {
    pub total: i64,
    pub active: i64,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Serialize, JsonSchema)]
#[schemars(rename = "PushFigures")]
pub struct Pushes {
    #[serde(flatten)]
    pub counts: Stats,
    /// Not ended yet.
    pub pending: i64,
    /// Percent of those that ended.
    pub rate: f64,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Calls {
    pub total: i64,
    pub success: i64,
    pub failed: i64,
}

impl From<Stats> for Pushes {
    fn from(counts: Stats) -> Self {
        Self {
            pending: counts.total - counts.success - counts.failed,
            rate: counts.success_rate(),
            counts,
        }
    }
}

impl Calls {
    /// What is counted of a status.
    pub fn add(&mut self, status: &str, entries: i64) {
        self.total += entries;
        match status {
            "success" => self.success += entries,
            _ => self.failed += entries,
        }
    }
}
