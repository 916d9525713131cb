use super::{Pace, Stall};
use std::time::Duration;
use tokio::time::Instant;

const SECOND: Duration = Duration::from_secs(1);

fn pace() -> Pace {
    Pace {
        whole: 60 * SECOND,
        grace: 10 * SECOND,
        least: 1000,
    }
}

#[test]
fn who_reads_nothing_has_the_grace_and_no_more() {
    let began = Instant::now();
    let mut stall = Stall::new(pace(), began);
    for seconds in 0..9 {
        let now = began + seconds * SECOND;
        assert_eq!(stall.deadline(false, now), began + 10 * SECOND);
    }
}

#[test]
fn who_reads_too_slowly_is_given_up_and_who_reads_at_the_pace_is_not() {
    for (bytes, survives) in [
        (0, false),
        (1, false),
        (900, false),
        (1000, true),
        (1_000_000, true),
        (usize::MAX, true),
    ] {
        let mut now = Instant::now();
        let mut stall = Stall::new(pace(), now);
        let mut is_up = false;
        for _ in 0..200 {
            now += SECOND;
            is_up |= stall.deadline(false, now) <= now;
            stall.moved(bytes, false, now);
        }
        assert_eq!(!is_up, survives, "{bytes} bytes a second");
    }
}

#[test]
fn between_two_answers_nothing_is_counted() {
    let mut now = Instant::now();
    let mut stall = Stall::new(pace(), now);
    stall.moved(1, false, now);
    for _ in 0..10 {
        now += 60 * SECOND;
        assert_eq!(stall.deadline(true, now), now + 10 * SECOND);
        stall.moved(1, false, now);
        now += 60 * SECOND;
        stall.moved(1, true, now);
        assert!(stall.deadline(true, now) > now + 9 * SECOND);
    }
}
