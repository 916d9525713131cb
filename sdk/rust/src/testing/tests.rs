use super::{Host, Level};
use crate::{cache, clock, http, log, random};
use std::panic::{AssertUnwindSafe, catch_unwind};

fn panic_of(call: impl FnOnce()) -> String {
    let panic = catch_unwind(AssertUnwindSafe(call)).unwrap_err();
    *panic.downcast::<String>().unwrap()
}

#[test]
fn a_host_call_outside_a_test_host_says_how_to_install_one() {
    assert!(
        panic_of(|| {
            clock::now_ms();
        })
        .contains("testing::Host::new().run(")
    );
}

#[test]
fn a_request_that_nothing_answers_is_named() {
    let send = || {
        Host::new().run(|| {
            http::get("https://example.com/x")
                .send()
                .map(drop)
                .unwrap_or_default()
        })
    };
    assert!(panic_of(send).contains("https://example.com/x"));
}

#[test]
fn a_host_is_uninstalled_when_the_call_panics() {
    panic_of(|| Host::new().run(|| panic!("{}", "in the plugin")));
    assert!(panic_of(|| log::info("x")).contains("outside the engine"));
}

#[test]
fn the_innermost_host_answers() {
    let outer = Host::new().now_ms(1);
    let inner = Host::new().now_ms(2);
    assert_eq!(
        outer.run(|| (inner.run(clock::now_ms), clock::now_ms())),
        (2, 1)
    );
}

#[test]
fn a_cached_value_is_gone_after_its_time() {
    let host = Host::new().now_ms(1000);
    host.run(|| {
        assert!(cache::add("k", "one", 2));
        assert!(!cache::add("k", "two", 2));
        assert_eq!(cache::get("k").as_deref(), Some(&b"one"[..]));
    });
    host.advance_ms(2000);
    host.run(|| {
        assert_eq!(cache::get("k"), None);
        cache::set("k", "three", 1);
        cache::delete("k");
        assert_eq!(cache::get("k"), None);
    });
}

#[test]
fn random_bytes_differ_and_have_the_length_asked_for() {
    Host::new().run(|| {
        assert_eq!(random::bytes(10_000).len(), 10_000);
        assert_ne!(random::bytes(16), random::bytes(16));
    });
}

#[test]
fn log_lines_are_recorded() {
    let host = Host::new();
    host.run(|| {
        log::warn(format_args!("{} left", 3));
        log::debug("done");
    });
    let lines = host.lines();
    assert_eq!(
        (lines[0].level, lines[0].message.as_str()),
        (Level::Warn, "3 left")
    );
    assert_eq!(lines[1].level, Level::Debug);
}
