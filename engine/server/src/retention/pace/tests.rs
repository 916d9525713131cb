use super::{LEAST, LEAST_PAUSE, MOST, Pace};
use std::time::Duration;

#[test]
fn a_slow_transaction_is_followed_by_a_smaller_one_and_a_longer_pause() {
    let mut pace = Pace::default();
    let before = pace.rows();
    let pause = pace.pause_after(Duration::from_millis(100));
    assert!(pause >= Duration::from_millis(400));
    assert!(pace.rows() < before);
    for _ in 0..20 {
        pace.pause_after(Duration::from_secs(1));
    }
    assert_eq!(pace.rows(), LEAST, "it always goes on");
    for _ in 0..20 {
        assert_eq!(pace.pause_after(Duration::ZERO), LEAST_PAUSE);
    }
    assert_eq!(pace.rows(), MOST);
}
