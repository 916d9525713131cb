use super::{MINUTE_US, RateLimits};
use crate::{clock::Clock, config::RateLimit};
use axum::http::Method;
use std::time::Duration;

fn limits(clock: &Clock, enabled: bool) -> RateLimits {
    let settings = RateLimit {
        enabled,
        auth_per_minute: 3,
        webhook_per_minute: 7,
        read_per_minute: 2,
        write_per_minute: 0,
    };
    RateLimits::new(&settings, clock.clone())
}

#[test]
fn a_minutes_worth_passes_at_once_and_then_one_at_a_time() {
    let clock = Clock::default();
    let limits = limits(&clock, true);
    for _ in 0..7 {
        limits.webhook(1).unwrap();
    }
    limits.webhook_left(2).unwrap();
    assert_eq!(limits.webhook_left(1).unwrap_err().status, 429);
    let refused = limits.webhook(1).unwrap_err();
    assert_eq!(refused.status, 429);
    assert_eq!(refused.retry_after_seconds, Some(9));
    limits.webhook(2).unwrap();
    clock.advance(Duration::from_micros(MINUTE_US as u64 / 7 + 1));
    limits.webhook(1).unwrap();
    assert!(limits.webhook(1).is_err());
}

#[test]
fn addresses_of_one_ipv6_network_share_a_bucket() {
    let limits = limits(&Clock::default(), true);
    let from = |address: &str| limits.auth(Some(address.parse().unwrap()));
    from("2001:db8::1").unwrap();
    from("2001:db8::2").unwrap();
    from("2001:db8::3").unwrap();
    assert!(from("2001:db8::4").is_err());
    from("2001:db8:0:1::4").unwrap();
    from("192.0.2.1").unwrap();
    from("::ffff:192.0.2.1").unwrap();
    from("192.0.2.1").unwrap();
    assert!(from("192.0.2.1").is_err());
}

#[test]
fn reads_and_writes_are_counted_apart() {
    let limits = limits(&Clock::default(), true);
    limits.user(1, &Method::GET).unwrap();
    limits.user(1, &Method::HEAD).unwrap();
    assert!(limits.user(1, &Method::GET).is_err());
    assert!(limits.user(1, &Method::POST).is_err());
}

#[test]
fn nothing_is_counted_when_limits_are_off() {
    let limits = limits(&Clock::default(), false);
    for _ in 0..100 {
        limits.user(1, &Method::POST).unwrap();
    }
}
