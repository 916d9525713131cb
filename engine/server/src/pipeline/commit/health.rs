//! What sends say of their targets, written with their outcomes. Most say nothing, and then there
//! is no statement.

use super::settle::Settlement;
use crate::target::health::Health;
use push_notify_core::id::TargetId;
use std::collections::{BTreeMap, btree_map::Entry};

/// The newest of each target, in one order: two transactions that take their locks so do not block
/// each other.
pub(super) fn healths<'a>(settlements: &[&'a Settlement]) -> Vec<(TargetId, &'a Health)> {
    let mut newest: BTreeMap<TargetId, &Health> = BTreeMap::new();
    for (target_id, health) in settlements
        .iter()
        .filter_map(|settlement| settlement.health.as_deref())
    {
        match newest.entry(*target_id) {
            Entry::Vacant(vacant) => {
                vacant.insert(health);
            }
            Entry::Occupied(mut known) if known.get().updated_at < health.updated_at => {
                known.insert(health);
            }
            Entry::Occupied(_) => {}
        }
    }
    newest.into_iter().collect()
}
