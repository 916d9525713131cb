use super::round_robin;
use crate::pipeline::queue::claim::Partition;
use push_notify_core::id::{RepoId, TargetId};

fn partition(target_id: i64, repo_id: i64, due_at: i64) -> Partition {
    Partition {
        target_id: TargetId::new(target_id),
        repo_id: RepoId::new(repo_id),
        due_at,
    }
}

#[test]
fn targets_take_turns_and_so_do_the_repositories_of_each() {
    let partitions = [
        partition(1, 10, 500),
        partition(1, 11, 300),
        partition(1, 12, 400),
        partition(2, 10, 200),
    ];
    let first: Vec<usize> = round_robin(&partitions).take(8).collect();
    assert_eq!(first, [3, 1, 3, 2, 3, 0, 3, 1]);
}

#[test]
fn nothing_due_gives_nobody_a_turn() {
    assert_eq!(round_robin(&[]).next(), None);
}
