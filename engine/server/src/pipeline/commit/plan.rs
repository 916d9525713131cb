//! What rules say of an event on its way to the database, and which of its pushes are made once it
//! is known how its subject stands to them.

use super::Accepted;
use crate::rule::{Choice, InForce};
use push_notify_core::id::{RuleId, TargetId};
use push_notify_rules::{Edge, Routing};
use std::{collections::HashSet, sync::Arc};

/// The aims of an event are the sends of its routing, in their order.
pub(crate) struct Plan {
    pub rules: Arc<InForce>,
    pub routing: Routing,
    /// The commit that its subject is at.
    pub head: Option<String>,
}

/// A push that is made.
#[derive(Debug, Clone)]
pub(crate) struct Made {
    /// The place of its aim.
    pub aim: usize,
    /// What rules say of it.
    pub choice: Option<Arc<Choice>>,
}

impl Plan {
    /// What rules say of a message to a target, whatever was told of its subject before.
    pub(in crate::pipeline) fn choice_for(&self, target_id: TargetId) -> Option<Choice> {
        let sends = &self.routing.sends;
        let send = sends
            .iter()
            .find(|send| send.target_id == target_id.get())?;
        self.rules.choice(send, false, |_| true)
    }

    fn made(&self, fired: &HashSet<RuleId>) -> Vec<Made> {
        let edges = &self.routing.edges;
        let fires = |id: RuleId| {
            let has_edge = edges.iter().any(|edge| edge.rule_id == id.get());
            !has_edge || fired.contains(&id)
        };
        let made = |(aim, send)| {
            let choice = self.rules.choice(send, self.routing.awaits_review, fires);
            (send.is_linked || choice.is_some()).then(|| Made {
                aim,
                choice: choice.map(Arc::new),
            })
        };
        self.routing
            .sends
            .iter()
            .enumerate()
            .filter_map(made)
            .collect()
    }
}

impl Made {
    pub(in crate::pipeline) fn stored(&self) -> Option<String> {
        self.choice.as_ref().map(|choice| choice.to_stored())
    }
}

impl Accepted {
    /// Its subject, the commit that it is at, and the rules that look at how it stands to them.
    /// What is about nothing stands to no rule, and each event of it is told.
    pub(in crate::pipeline) fn edges(&self) -> Option<(&str, Option<&str>, &[Edge])> {
        let plan = self.plan.as_ref()?;
        let subject = self.subject.as_ref()?;
        let edges = &plan.routing.edges[..];
        (!edges.is_empty()).then_some((&*subject.key, plan.head.as_deref(), edges))
    }

    /// The pushes that are made when `fired` are the rules that tell of its subject now.
    pub(in crate::pipeline) fn made(&self, fired: &HashSet<RuleId>) -> Vec<Made> {
        match &self.plan {
            Some(plan) => plan.made(fired),
            None => (0..self.aims.len())
                .map(|aim| Made { aim, choice: None })
                .collect(),
        }
    }
}
