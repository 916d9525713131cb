use super::RateLimits;
use crate::{http::client::Client, shared::Shared};
use axum::http::Method;
use push_notify_core::{
    clock::{Clock, MINUTE_US},
    config::RateLimit,
    id::{RepoId, UserId},
};
use std::{sync::Arc, time::Duration};

fn limits(clock: &Clock, enabled: bool) -> RateLimits {
    let settings = RateLimit {
        enabled,
        auth_per_minute: 3,
        webhook_per_minute: 7,
        read_per_minute: 2,
        write_per_minute: 0,
    };
    RateLimits::new(&settings, 2, &Shared::in_memory(clock.clone()))
}

#[tokio::test]
async fn a_minutes_worth_passes_at_once_and_then_one_at_a_time() {
    let clock = Clock::default();
    let limits = limits(&clock, true);
    for _ in 0..7 {
        limits.webhook(RepoId::new(1)).await.unwrap();
    }
    limits.webhook_left(RepoId::new(2)).await.unwrap();
    assert_eq!(
        limits
            .webhook_left(RepoId::new(1))
            .await
            .unwrap_err()
            .status,
        429
    );
    let refused = limits.webhook(RepoId::new(1)).await.unwrap_err();
    assert_eq!(refused.status, 429);
    assert_eq!(refused.retry_after_seconds, Some(9));
    limits.webhook(RepoId::new(2)).await.unwrap();
    clock.advance(Duration::from_micros(MINUTE_US as u64 / 7 + 1));
    limits.webhook(RepoId::new(1)).await.unwrap();
    assert!(limits.webhook(RepoId::new(1)).await.is_err());
}

#[tokio::test]
async fn addresses_of_one_ipv6_network_share_a_bucket() {
    let limits = limits(&Clock::default(), true);
    let from = async |address: &str| limits.auth(Some(address.parse().unwrap())).await;
    from("2001:db8::1").await.unwrap();
    from("2001:db8::2").await.unwrap();
    from("2001:db8::3").await.unwrap();
    assert!(from("2001:db8::4").await.is_err());
    from("2001:db8:0:1::4").await.unwrap();
    from("192.0.2.1").await.unwrap();
    from("::ffff:192.0.2.1").await.unwrap();
    from("192.0.2.1").await.unwrap();
    assert!(from("192.0.2.1").await.is_err());
}

#[tokio::test]
async fn reads_and_writes_are_counted_apart() {
    let limits = limits(&Clock::default(), true);
    limits.user(UserId::new(1), &Method::GET).await.unwrap();
    limits.user(UserId::new(1), &Method::HEAD).await.unwrap();
    assert!(limits.user(UserId::new(1), &Method::GET).await.is_err());
    assert!(limits.user(UserId::new(1), &Method::POST).await.is_err());
}

#[tokio::test]
async fn nothing_is_counted_when_limits_are_off() {
    let limits = limits(&Clock::default(), false);
    for _ in 0..100 {
        limits.user(UserId::new(1), &Method::POST).await.unwrap();
    }
}

#[test]
fn a_client_of_a_proxy_has_so_many_bodies_on_their_way_and_others_are_not_counted() {
    let limits = Arc::new(limits(&Clock::default(), true));
    let client = |address: &str, is_behind| Client {
        ip: Some(address.parse().unwrap()),
        is_behind,
        user_agent: None,
    };
    let busy = client("192.0.2.1", true);
    let held = [limits.body(&busy), limits.body(&busy)];
    assert!(
        held.iter()
            .all(|held| held.as_ref().is_ok_and(Option::is_some))
    );
    let refused = limits.body(&busy).err().unwrap();
    assert_eq!(
        (refused.status.as_u16(), refused.retry_after_seconds),
        (429, Some(5))
    );
    assert!(limits.body(&client("192.0.2.2", true)).is_ok());
    let direct = client("192.0.2.1", false);
    assert!(limits.body(&direct).is_ok_and(|held| held.is_none()));
    drop(held);
    assert!(limits.body(&busy).is_ok());
}
