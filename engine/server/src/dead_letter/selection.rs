use crate::push::PushState;
use push_notify_core::{
    clock::Micros,
    id::{PushId, RepoId, TargetId},
};
use push_notify_db::list::Filter;
use serde::{Deserialize, Serialize};

/// How a push can end without success.
pub const STATES: [&str; 5] = {
    let [failed, rejected, misconfigured, partial, cancelled] = PushState::DEAD;
    [
        failed.name(),
        rejected.name(),
        misconfigured.name(),
        partial.name(),
        cancelled.name(),
    ]
};

/// What makes a push `p` a dead letter. The index `pushes_dead` has the same words.
pub const DEAD: &str = "p.failed = 1 AND p.superseded_by IS NULL AND p.most_attempts IS NULL";

/// Which dead letters are meant: those that meet all that is given.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Selection {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ids: Vec<PushId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repo_id: Option<RepoId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target_id: Option<TargetId>,
    /// `failed`, `rejected`, `misconfigured`, `partial` or `cancelled`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// In what the push says of why it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Of the push's creation, in microseconds since 1970; both included.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Micros>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Micros>,
}

impl Selection {
    /// Conditions on `p`. A sign before a column keeps both databases from its index: of all pushes
    /// of a repository or target only few are dead.
    pub fn filter(&self) -> Filter {
        let filter = Filter::default()
            .always(DEAD)
            .and("+p.repo_id = ?", self.repo_id)
            .and("+p.target_id = ?", self.target_id)
            .and("p.state = ?", self.state.as_deref())
            .and("p.created_at >= ?", self.since)
            .and("p.created_at <= ?", self.until)
            .containing(
                "LOWER(p.reason) LIKE LOWER(?) ESCAPE '\\'",
                self.reason.clone(),
            );
        match self.ids.as_slice() {
            [] => filter,
            ids => filter.among("p.id", ids),
        }
    }

    /// For the log of operations: `target_id 3, start_time 2026-01-19T14:30:00Z`.
    pub fn words(&self) -> String {
        let time = |name: &str, at: Option<Micros>| {
            at.map(|at| format!("{name} {}", push_notify_core::clock::rfc3339(at)))
        };
        let mut words = Vec::new();
        match self.ids.as_slice() {
            [] => {}
            [id] => words.push(format!("id {id}")),
            ids => words.push(format!("{} ids", ids.len())),
        }
        words.extend(self.repo_id.map(|id| format!("repo_id {id}")));
        words.extend(self.target_id.map(|id| format!("target_id {id}")));
        words.extend(self.state.as_ref().map(|state| format!("state {state}")));
        words.extend(
            self.reason
                .as_ref()
                .map(|reason| format!("reason {reason}")),
        );
        words.extend(time("start_time", self.since));
        words.extend(time("end_time", self.until));
        match words.is_empty() {
            true => "all".to_owned(),
            false => words.join(", "),
        }
    }
}

#[cfg(test)]
mod tests;
