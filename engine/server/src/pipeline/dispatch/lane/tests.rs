use super::{Capacity, Lane, Rules};
use std::time::Duration;
use tokio::time::Instant;

fn lane(rate: Option<&str>) -> Lane<u32> {
    Lane::new(Rules {
        rate: rate.map(|rate| rate.parse().unwrap()),
        concurrency: 2,
    })
}

#[test]
fn no_window_of_a_minute_sees_more_than_the_rate() {
    let mut lane = lane(Some("3/min"));
    let start = Instant::now();
    for second in [0, 10, 20] {
        let now = start + Duration::from_secs(second);
        assert_eq!(lane.room(10, now), Capacity::Open);
        lane.admit(now);
        lane.leave(true);
    }
    let at = |second| start + Duration::from_secs(second);
    assert_eq!(lane.room(10, at(30)), Capacity::ClosedUntil(at(60)));
    assert_eq!(lane.room(10, at(60)), Capacity::Open);
    lane.admit(at(60));
    assert_eq!(lane.room(10, at(61)), Capacity::ClosedUntil(at(70)));
}

#[test]
fn a_full_lane_turns_away_until_somebody_leaves() {
    let mut lane = lane(None);
    let now = Instant::now();
    lane.admit(now);
    lane.admit(now);
    assert_eq!(lane.room(2, now), Capacity::Full);
    lane.leave(true);
    assert_eq!(lane.room(2, now), Capacity::Open);
}
