use super::*;
use push_notify_host::Settings;

fn secrets(valid_until: &[Micros]) -> Vec<Former> {
    let former = |until: &Micros| Former {
        settings: Settings::default(),
        valid_until: *until,
    };
    valid_until.iter().map(former).collect()
}

#[track_caller]
fn tried(newest_first: &[Micros], at: Micros) -> Vec<Micros> {
    in_force(&secrets(newest_first), at)
        .map(|former| former.valid_until)
        .collect()
}

#[test]
fn a_secret_counts_for_what_was_received_before_its_end() {
    assert_eq!(tried(&[], 10), [0; 0]);
    assert_eq!(tried(&[30, 20], 10), [20, 30]);
    assert_eq!(tried(&[30, 20], 20), [30]);
    assert_eq!(tried(&[30, 20], 30), [0; 0]);
    // One that was ended at once, and one whose overlap goes on.
    assert_eq!(tried(&[40, 20, 50], 25), [50, 40]);
}

#[test]
fn however_often_it_was_replaced_few_are_tried() {
    let many: Vec<Micros> = (1..=100).rev().collect();
    assert_eq!(tried(&many, 50), [51, 52, 53, 54]);
}
