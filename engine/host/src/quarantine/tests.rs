use super::{Consequence, TrapCounter};
use crate::{config::Quarantine, ports::Party, verdict::CallError};
use std::time::{Duration, Instant};

const SECOND: Duration = Duration::from_secs(1);

/// Steps through time.
struct Scene {
    counter: TrapCounter,
    now: Instant,
}

impl Scene {
    fn new() -> Self {
        Self {
            counter: TrapCounter::new(Quarantine::default()),
            now: Instant::now(),
        }
    }

    fn wait(&mut self, seconds: u32) {
        self.now += SECOND * seconds;
    }

    fn trap(&self, party: Party) -> Consequence {
        let entry = self.counter.enter(party, self.now);
        entry.expect("it may be called").trapped(self.now, "memory")
    }

    fn end(&self, party: Party) {
        let entry = self.counter.enter(party, self.now);
        entry.expect("it may be called").ended(self.now);
    }

    fn is_kept_out(&self, party: Party) -> bool {
        self.counter.enter(party, self.now).is_err()
    }

    fn rests(&self, party: Party) -> bool {
        let entered = self.counter.enter(party, self.now).map(drop);
        matches!(entered, Err(CallError::Resting(_)))
    }
}

#[test]
fn one_that_traps_rests_and_costs_nobody_else_anything() {
    let mut scene = Scene::new();
    for _ in 0..4 {
        assert_eq!(scene.trap(Party::Repo(1)), Consequence::Nothing);
    }
    assert_eq!(scene.trap(Party::Repo(1)), Consequence::Rests);
    assert!(scene.rests(Party::Repo(1)));
    assert_eq!(scene.counter.closed(), None);
    for other in [Party::Repo(2), Party::Model(1), Party::Nobody] {
        scene.end(other);
    }
    scene.wait(10);
    scene.end(Party::Repo(1));
    assert!(!scene.rests(Party::Repo(1)));
}

#[test]
fn one_that_traps_for_ever_never_closes_the_plugin() {
    let mut scene = Scene::new();
    for party in [
        Party::Target(1),
        Party::Repo(1),
        Party::Model(1),
        Party::Nobody,
    ] {
        for _ in 0..1000 {
            if let Ok(entry) = scene.counter.enter(party, scene.now) {
                entry.trapped(scene.now, "memory");
            }
            scene.wait(1);
        }
        assert_eq!(scene.counter.closed(), None, "{party:?}");
        scene.end(Party::Repo(77));
    }
}

#[test]
fn a_rest_doubles_up_to_its_longest_and_ends_with_a_call_that_does() {
    let mut scene = Scene::new();
    let party = Party::Model(3);
    for _ in 0..5 {
        scene.trap(party);
    }
    for seconds in [10, 20, 40, 80, 160, 320, 600, 600] {
        scene.wait(seconds - 1);
        assert!(scene.rests(party), "{seconds}");
        scene.wait(1);
        // One tries, and the others wait for what comes of it.
        let entry = scene.counter.enter(party, scene.now).expect("it tries");
        assert!(scene.rests(party));
        entry.trapped(scene.now, "memory");
        assert!(scene.rests(party));
    }
    scene.wait(600);
    scene.end(party);
    scene.end(party);
    assert_eq!(scene.trap(party), Consequence::Nothing);
}

#[test]
fn a_target_does_not_rest_here() {
    let scene = Scene::new();
    for _ in 0..100 {
        assert_eq!(scene.trap(Party::Target(1)), Consequence::Nothing);
    }
    assert!(!scene.is_kept_out(Party::Target(1)));
}

#[test]
fn the_plugin_closes_when_several_trap_and_it_works_for_nobody() {
    let scene = Scene::new();
    assert_eq!(scene.trap(Party::Target(1)), Consequence::Nothing);
    assert_eq!(scene.trap(Party::Target(2)), Consequence::Nothing);
    scene.end(Party::Target(3));
    // It worked for one between them.
    assert_eq!(scene.trap(Party::Target(1)), Consequence::Nothing);
    assert_eq!(scene.trap(Party::Target(2)), Consequence::Nothing);
    assert_eq!(scene.trap(Party::Target(3)), Consequence::Closed);
    let reason = scene.counter.closed().expect("closed");
    assert_eq!(
        reason,
        "calls for 3 targets in a row trapped, the last one: memory"
    );
    for party in 1..=3 {
        assert!(scene.is_kept_out(Party::Target(party)));
    }
}

#[test]
fn a_closed_plugin_opens_by_itself_for_whoever_comes_first_without_a_trap() {
    let mut scene = Scene::new();
    for party in 1..=3 {
        scene.trap(Party::Target(party));
    }
    // At once, and side by side, until it traps for one of them.
    let first = scene.counter.enter(Party::Target(4), scene.now).ok();
    assert!(!scene.is_kept_out(Party::Target(5)));
    first.expect("it tries").trapped(scene.now, "memory");
    for seconds in [10, 20, 40] {
        scene.wait(seconds - 1);
        assert!(scene.is_kept_out(Party::Target(5)), "{seconds}");
        scene.wait(1);
        // Whoever it is, also one that trapped before.
        scene.trap(Party::Target(1));
    }
    scene.wait(80);
    scene.end(Party::Target(5));
    assert_eq!(scene.counter.closed(), None);
    assert!(!scene.is_kept_out(Party::Target(1)));
}

#[test]
fn a_try_that_comes_to_no_end_leaves_it_to_the_next_one() {
    let mut scene = Scene::new();
    for party in 1..=3 {
        scene.trap(Party::Repo(party));
    }
    drop(scene.counter.enter(Party::Repo(9), scene.now));
    scene.end(Party::Repo(8));
    while !scene.rests(Party::Repo(1)) {
        scene.trap(Party::Repo(1));
    }
    scene.wait(10);
    drop(scene.counter.enter(Party::Repo(1), scene.now));
    scene.end(Party::Repo(1));
}

#[test]
fn traps_that_are_long_past_and_far_between_lead_to_nothing() {
    let mut scene = Scene::new();
    for party in 1..=20 {
        assert_eq!(scene.trap(Party::Repo(party % 2)), Consequence::Nothing);
        assert_eq!(scene.trap(Party::Target(party)), Consequence::Nothing);
        scene.wait(61);
    }
    scene.end(Party::Repo(5));
    assert!(
        !scene
            .counter
            .wary
            .load(std::sync::atomic::Ordering::Relaxed)
    );
}

#[test]
fn clearing_pardons_everybody() {
    let scene = Scene::new();
    for party in 1..=3 {
        for _ in 0..5 {
            if let Ok(entry) = scene.counter.enter(Party::Repo(party), scene.now) {
                entry.trapped(scene.now, "memory");
            }
        }
    }
    scene.counter.clear();
    for party in 1..=3 {
        scene.end(Party::Repo(party));
    }
}
