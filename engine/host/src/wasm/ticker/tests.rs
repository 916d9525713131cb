use super::Ticker;
use std::{
    sync::atomic::Ordering,
    thread,
    time::{Duration, Instant},
};

fn within_a_second(mut condition: impl FnMut() -> bool) -> bool {
    let start = Instant::now();
    while start.elapsed() < Duration::from_secs(1) {
        if condition() {
            return true;
        }
        thread::yield_now();
    }
    false
}

#[test]
fn ticks_only_while_a_call_runs() {
    let ticker = Ticker::start().unwrap();
    let parked = || ticker.shared.parked.load(Ordering::SeqCst);
    assert!(within_a_second(parked));
    let running = ticker.run();
    assert!(within_a_second(|| !parked()));
    // A call that waits for the network is not running.
    let paused = ticker.pause();
    assert!(within_a_second(parked));
    drop(paused);
    assert!(within_a_second(|| !parked()));
    drop(running);
    assert!(within_a_second(parked));
}
