use super::turns;
use crate::pipeline::queue::claim::Lot;

fn lot(target_id: i64, repo_id: i64, due_at: i64) -> Lot {
    Lot {
        target_id,
        repo_id,
        due_at,
    }
}

#[test]
fn targets_take_turns_and_so_do_the_repositories_of_each() {
    let lots = [
        lot(1, 10, 500),
        lot(1, 11, 300),
        lot(1, 12, 400),
        lot(2, 10, 200),
    ];
    let first: Vec<usize> = turns(&lots).take(8).collect();
    assert_eq!(first, [3, 1, 3, 2, 3, 0, 3, 1]);
}

#[test]
fn nothing_due_gives_nobody_a_turn() {
    assert_eq!(turns(&[]).next(), None);
}
