//! Whose turn it is: what is claimed goes round the targets, and at each target round the
//! repositories.

use super::claim::Partition;
use push_notify_core::id::TargetId;

/// Indexes of `partitions`, over and over: the target with the longest wait first and one push
/// each, and of each target's repositories another one each time, the longest wait first. Ends only
/// when there are no partitions.
pub(in crate::pipeline) fn round_robin(partitions: &[Partition]) -> impl Iterator<Item = usize> {
    let mut by_wait: Vec<usize> = (0..partitions.len()).collect();
    by_wait.sort_by_key(|&index| partitions[index].due_at);
    let mut targets: Vec<(TargetId, Vec<usize>)> = Vec::new();
    for index in by_wait {
        let target_id = partitions[index].target_id;
        match targets.iter_mut().find(|(id, _)| *id == target_id) {
            Some((_, of_target)) => of_target.push(index),
            None => targets.push((target_id, vec![index])),
        }
    }
    let rounds = if targets.is_empty() { 0 } else { usize::MAX };
    (0..rounds).flat_map(move |round| {
        let one_each = targets
            .iter()
            .map(|(_, of_target)| of_target[round % of_target.len()]);
        one_each.collect::<Vec<_>>()
    })
}

#[cfg(test)]
mod tests;
