//! Who hears of an event by targets of their own.

use super::Rule;
use crate::definition::{Part, Who};
use std::collections::{HashMap, HashSet};

/// How people hear by themselves.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hearing {
    /// Targets of their own, of those who hear at all.
    pub target_ids: HashMap<i64, Vec<i64>>,
    /// Those who hear directly where others are called.
    pub direct: HashSet<i64>,
}

/// The people of an event, as far as they are known.
#[derive(Debug, Clone)]
pub struct Audience<'a> {
    /// Those who have each part.
    pub parts: HashMap<Part, Vec<i64>>,
    pub hearing: &'a Hearing,
}

impl Audience<'_> {
    fn people<'s>(&'s self, who: &'s Who) -> &'s [i64] {
        match who {
            Who::Part(part) => self.parts.get(part).map_or(&[], Vec::as_slice),
            Who::Person(id) => std::slice::from_ref(id),
        }
    }

    /// The targets of people that a rule sends to.
    pub(super) fn of(&self, rule: &Rule) -> Vec<i64> {
        let told = rule.tell.iter().flat_map(|who| self.people(who));
        let called = rule.mentions.iter().flat_map(|who| self.people(who));
        let called = called.filter(|id| self.hearing.direct.contains(id));
        let did_it = self.parts.get(&Part::Actor);
        let did_it = |id: &i64| did_it.is_some_and(|actors| actors.contains(id));
        told.chain(called)
            .filter(|id| !rule.except_actor || !did_it(id))
            .filter_map(|id| self.hearing.target_ids.get(id))
            .flatten()
            .copied()
            .collect()
    }
}
