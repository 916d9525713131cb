//! How subjects stand to the rules that tell of them when they come to meet what is asked.

use push_notify_core::clock::Micros;
use push_notify_rules::{Edge, Once};

/// How a subject stood to a rule at its last event.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stood {
    pub inside: bool,
    pub head: Option<String>,
    pub fired_at: Option<Micros>,
}

impl Stood {
    /// Whether the rule tells of it, which meets it now.
    pub fn fires(&self, edge: &Edge, head: Option<&str>, now: Micros) -> bool {
        let is_due = match (edge.again_after, self.fired_at) {
            (Some(after), Some(fired_at)) => now - fired_at >= after,
            _ => true,
        };
        let is_new = match edge.once {
            Once::Event => true,
            Once::Subject => !self.inside,
            Once::Head => self.fired_at.is_none() || head != self.head.as_deref(),
        };
        is_due && is_new
    }

    /// What is kept of it, then: the commit, and when it was told.
    pub fn after(
        self,
        fires: bool,
        head: Option<&str>,
        now: Micros,
    ) -> (Option<String>, Option<Micros>) {
        match fires {
            true => (head.map(str::to_owned), Some(now)),
            false => (self.head, self.fired_at),
        }
    }
}
