use super::{Capacity, Lane, Rules};
use std::time::Duration;
use tokio::time::Instant;

fn lane(rate: Option<&str>) -> Lane<u32> {
    Lane::new(Rules {
        rates: rate.map(|rate| rate.parse().unwrap()),
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
fn of_two_rates_both_hold() {
    let mut lane = lane(Some("4/min, 2/s"));
    let start = Instant::now();
    let at = |ms| start + Duration::from_millis(ms);
    let admissions = [
        (0, Capacity::Open),
        (100, Capacity::Open),
        (200, Capacity::ClosedUntil(at(1000))),
        (1000, Capacity::Open),
        (1050, Capacity::ClosedUntil(at(1100))),
        (1100, Capacity::Open),
        (2500, Capacity::ClosedUntil(at(60_000))),
        (60_000, Capacity::Open),
    ];
    for (ms, expected) in admissions {
        let room = lane.room(10, at(ms));
        assert_eq!(room, expected, "{ms}");
        if room == Capacity::Open {
            lane.admit(at(ms));
            lane.leave(true);
        }
    }
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

#[test]
fn a_lane_tells_of_room_as_long_as_somebody_is_in_it() {
    let mut lane = lane(None);
    lane.turned_away = true;
    assert!(!lane.tells_of_room());
    lane.admit(Instant::now());
    assert!(lane.tells_of_room());
    lane.turned_away = false;
    assert!(!lane.tells_of_room());
}
