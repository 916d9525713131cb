use super::{Gate, Health, HealthSignal, Rules, State};
use std::time::Duration;

const SECOND: i64 = 1_000_000;
const RULES: Rules = Rules {
    after: 3,
    base_us: 10 * SECOND,
    cap_us: 40 * SECOND,
};

fn failing() -> HealthSignal {
    HealthSignal::Failing("HTTP 503".to_owned())
}

/// Not at random: each rest is as long as it can be.
fn note(health: &mut Health, sign: HealthSignal, now: i64) -> bool {
    health.note(sign, false, RULES, now, 1.0)
}

fn probe(health: &mut Health, sign: HealthSignal, now: i64) -> bool {
    health.note(sign, true, RULES, now, 1.0)
}

fn open_at(now: i64) -> Health {
    let mut health = Health::default();
    for _ in 0..3 {
        note(&mut health, failing(), now);
    }
    health
}

#[test]
fn a_healthy_target_has_nothing_to_be_written() {
    let mut health = Health::default();
    assert!(!note(&mut health, HealthSignal::Well, SECOND));
    assert_eq!(health, Health::default());
}

#[test]
fn failures_in_a_row_open_the_breaker() {
    let mut health = Health::default();
    note(&mut health, failing(), SECOND);
    note(&mut health, failing(), 2 * SECOND);
    assert_eq!(health.state(), State::Failing);
    assert_eq!(health.gate(2 * SECOND), Gate::Open);
    assert_eq!(health.flagged_at, None);
    note(&mut health, HealthSignal::Well, 3 * SECOND);
    assert_eq!(health.state(), State::Healthy, "in a row, not in all");
    let health = open_at(5 * SECOND);
    assert_eq!(health.state(), State::Open);
    assert_eq!(health.flagged_at, Some(5 * SECOND));
    assert_eq!(health.gate(14 * SECOND), Gate::Shut);
    assert_eq!(health.gate(15 * SECOND), Gate::Probe);
}

#[test]
fn each_probe_that_fails_doubles_the_rest_up_to_the_cap() {
    let mut health = open_at(0);
    let mut now = 0;
    for rest in [10, 20, 40, 40] {
        assert_eq!(health.open_until, Some(now + rest * SECOND));
        now += rest * SECOND;
        assert!(probe(&mut health, failing(), now));
    }
    assert_eq!(health.opened_at, Some(0), "since the first time");
    assert!(probe(&mut health, HealthSignal::Well, now));
    assert_eq!(health.gate(now), Gate::Open);
    assert_eq!(health.last_success_at, Some(now));
    assert_eq!(health.flagged_at, None);
}

#[test]
fn what_was_sent_before_it_opened_changes_nothing() {
    let mut health = open_at(0);
    let before = health.clone();
    assert!(!note(&mut health, failing(), SECOND));
    assert_eq!(health, before);
}

#[test]
fn while_a_probe_is_under_way_nobody_else_goes() {
    let mut health = open_at(0);
    health.probe(100 * SECOND, 10 * SECOND);
    assert_eq!(health.gate(50 * SECOND), Gate::Shut);
    assert_eq!(health.gate(100 * SECOND), Gate::Probe);
}

#[test]
fn a_far_side_that_asks_for_a_pause_is_not_failing() {
    let mut health = Health::default();
    note(&mut health, failing(), 0);
    note(
        &mut health,
        HealthSignal::Busy(Duration::from_secs(30)),
        SECOND,
    );
    assert_eq!(health.state(), State::Healthy);
    assert_eq!(health.gate(30 * SECOND), Gate::Shut);
    assert_eq!(health.gate(31 * SECOND), Gate::Open);
    note(
        &mut health,
        HealthSignal::Busy(Duration::from_secs(5)),
        2 * SECOND,
    );
    assert_eq!(health.paused_until, Some(31 * SECOND), "the longer one");
}

#[test]
fn a_misconfigured_target_is_flagged_once() {
    let mut health = Health::default();
    let wrong = || HealthSignal::Misconfigured("the token is gone".to_owned());
    assert!(note(&mut health, wrong(), SECOND));
    assert!(!note(&mut health, wrong(), 2 * SECOND));
    assert_eq!(health.state(), State::Misconfigured);
    assert_eq!(health.flagged_at, Some(SECOND));
    assert_eq!(health.gate(2 * SECOND), Gate::Open, "each push says why");
    note(&mut health, HealthSignal::Well, 3 * SECOND);
    assert_eq!(health.state(), State::Healthy);
}

#[test]
fn without_breakers_nothing_ever_waits() {
    let never = Rules { after: 0, ..RULES };
    let mut health = Health::default();
    for _ in 0..100 {
        health.note(failing(), false, never, SECOND, 1.0);
    }
    assert_eq!(health.gate(SECOND), Gate::Open);
    assert_eq!(health.state(), State::Failing);
}

#[test]
fn the_newest_row_is_known_by_its_time_whatever_the_clocks_say() {
    let mut health = open_at(10 * SECOND);
    let before = health.updated_at;
    probe(&mut health, HealthSignal::Well, SECOND);
    assert!(health.updated_at > before);
}
