//! Both bodies of the port do the same: for two nodes on one Redis what memory does for one alone.

use push_notify::shared::{Buckets, Shared};
use push_notify_core::{clock::Clock, id::TargetId};
use push_notify_host::SharedCache as _;
use push_notify_manifest::{Rate, Rates};
use push_notify_tests::{RedisServer, redis_url, until};
use std::{sync::Arc, time::Duration};

/// Runs each named `async fn([Arc<Shared>; 2])` as two tests.
macro_rules! both_bodies {
    ($($name:ident),* $(,)?) => {$(
        mod $name {
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn in_memory() {
                let node = std::sync::Arc::new(super::alone());
                super::$name([node.clone(), node]).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_redis() {
                let installation = super::random();
                let [one, other] = [
                    super::node(&installation).await,
                    super::node(&installation).await,
                ];
                super::$name([one.into(), other.into()]).await;
            }
        }
    )*};
}

both_bodies!(
    what_is_kept_is_found_until_it_is_deleted_or_over,
    what_is_added_is_there_for_the_first_one_only,
    a_mark_is_for_whoever_is_first,
    no_window_sees_more_than_the_rate,
    of_two_rates_both_hold,
    a_bucket_holds_a_minutes_worth_for_all,
    what_is_taken_ahead_is_no_more_than_the_limit,
);

fn alone() -> Shared {
    Shared::in_memory(Clock::default())
}

async fn node(installation: &str) -> Shared {
    let node = Shared::on_redis(&redis_url(), installation, Clock::default()).await;
    node.expect("its URL is sound")
}

fn random() -> String {
    hex::encode(rand::random::<[u8; 8]>())
}

const LONG: Duration = Duration::from_secs(60);

/// The same limits, as both nodes have them.
fn limits(one: &Arc<Shared>, other: &Arc<Shared>, per_minute: u32) -> [Buckets<i64>; 2] {
    let first = one.buckets("hook", per_minute);
    let second = match Arc::ptr_eq(one, other) {
        true => first.clone(),
        false => other.buckets("hook", per_minute),
    };
    [first, second]
}

async fn what_is_kept_is_found_until_it_is_deleted_or_over([one, other]: [Arc<Shared>; 2]) {
    assert_eq!(one.get("plan").await, None);
    one.set("plan", b"first".to_vec(), LONG).await;
    assert_eq!(other.get("plan").await.as_deref(), Some(&b"first"[..]));
    other.set("plan", b"second".to_vec(), LONG).await;
    assert_eq!(one.get("plan").await.as_deref(), Some(&b"second"[..]));
    one.delete("plan").await;
    assert_eq!(other.get("plan").await, None);
    one.set("brief", b"soon over".to_vec(), Duration::from_millis(50))
        .await;
    until("it to be over", async || {
        other.get("brief").await.is_none().then_some(())
    })
    .await;
}

async fn what_is_added_is_there_for_the_first_one_only([one, other]: [Arc<Shared>; 2]) {
    assert!(one.add("seen", b"one".to_vec(), LONG).await);
    assert!(!other.add("seen", b"other".to_vec(), LONG).await);
    assert_eq!(other.get("seen").await.as_deref(), Some(&b"one"[..]));
    one.delete("seen").await;
    assert!(other.add("seen", b"other".to_vec(), LONG).await);
}

async fn a_mark_is_for_whoever_is_first([one, other]: [Arc<Shared>; 2]) {
    assert!(one.mark("captcha:1", LONG).await);
    assert!(!other.mark("captcha:1", LONG).await);
    assert!(!one.mark("captcha:1", LONG).await);
    assert!(other.mark("captcha:2", LONG).await);
    assert_eq!(one.get("captcha:1").await, None, "plugins do not see it");
}

async fn no_window_sees_more_than_the_rate([one, other]: [Arc<Shared>; 2]) {
    let rate = Rate {
        count: 3,
        window: Duration::from_millis(1500),
    };
    let rates = Rates::from(rate);
    one.rate_permit(TargetId::new(1), rates)
        .await
        .expect("the first");
    other
        .rate_permit(TargetId::new(1), rates)
        .await
        .expect("the second");
    one.rate_permit(TargetId::new(1), rates)
        .await
        .expect("the third");
    for node in [&one, &other] {
        let wait = node
            .rate_permit(TargetId::new(1), rates)
            .await
            .expect_err("there were three");
        assert!(!wait.is_zero() && wait <= rate.window, "{wait:?}");
        node.rate_permit(TargetId::new(2), rates)
            .await
            .expect("another target has its own");
    }
    until("the window to move on", async || {
        other.rate_permit(TargetId::new(1), rates).await.ok()
    })
    .await;
}

async fn of_two_rates_both_hold([one, other]: [Arc<Shared>; 2]) {
    let rates: Rates = "3/min, 2/s".parse().expect("two rates");
    let target_id = TargetId::new(1);
    let permit = async |node: &Arc<Shared>| node.rate_permit(target_id, rates).await;
    permit(&one).await.expect("the first");
    permit(&other).await.expect("the second");
    let wait = permit(&one)
        .await
        .expect_err("there were two in this second");
    assert!(wait <= Duration::from_secs(1), "{wait:?}");
    until("the second to be over", async || permit(&other).await.ok()).await;
    for node in [&one, &other] {
        let wait = permit(node)
            .await
            .expect_err("there were three in this minute");
        assert!(wait > Duration::from_secs(1), "{wait:?}");
    }
}

async fn a_bucket_holds_a_minutes_worth_for_all([one, other]: [Arc<Shared>; 2]) {
    let limits = limits(&one, &other, 6);
    for index in 0..6 {
        let limit = &limits[index % 2];
        limit.left(7).await.expect("there are some left");
        limit.take(7).await.expect("there are some left");
    }
    // Those who ask in vain do not make it worse.
    for limit in limits.iter().chain(&limits) {
        let wait_us = limit.take(7).await.expect_err("there are six");
        assert!((1..=10_000_000).contains(&wait_us), "{wait_us}");
        limit.left(7).await.expect_err("there are six");
        limit.left(8).await.expect("another key has its own");
    }
    let others = one.buckets("read", 6);
    others.take(7).await.expect("another kind has its own");
    let never = one.buckets("write", 0);
    never.left(7).await.expect_err("none ever");
    never.take(7).await.expect_err("none ever");
}

async fn what_is_taken_ahead_is_no_more_than_the_limit([one, other]: [Arc<Shared>; 2]) {
    // A node takes five at once out of Redis, and earns one back in 600 ms.
    let limits = limits(&one, &other, 100);
    let mut taken = 0;
    loop {
        let before = taken;
        for limit in &limits {
            taken += i32::from(limit.take(7).await.is_ok());
        }
        if taken == before {
            break;
        }
    }
    assert!((100..=105).contains(&taken), "{taken}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn installations_on_one_redis_do_not_mix() {
    let (one, other) = (node(&random()).await, node(&random()).await);
    one.set("plan", b"ours".to_vec(), LONG).await;
    assert_eq!(other.get("plan").await, None);
    assert!(one.mark("captcha:1", LONG).await);
    assert!(other.mark("captcha:1", LONG).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_that_starts_anew_knows_what_was_sent() {
    let installation = random();
    let rate = Rate {
        count: 1,
        window: LONG,
    };
    let rates = Rates::from(rate);
    let node = node(&installation).await;
    node.rate_permit(TargetId::new(1), rates)
        .await
        .expect("the first");
    drop(node);
    let node = self::node(&installation).await;
    node.rate_permit(TargetId::new(1), rates)
        .await
        .expect_err("there was one");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_an_answer_a_node_goes_by_what_it_knows_itself() {
    let mut redis = RedisServer::start().await;
    let node = Shared::on_redis(&redis.url(), "here", Clock::default()).await;
    let node = node.expect("its URL is sound");
    let rate = Rate {
        count: 2,
        window: LONG,
    };
    let rates = Rates::from(rate);
    let limit = node.buckets("hook", 3);
    node.set("plan", b"in Redis".to_vec(), LONG).await;
    node.rate_permit(TargetId::new(1), rates)
        .await
        .expect("the first");
    limit.take(7).await.expect("the first");
    redis.kill().await;

    assert_eq!(node.get("plan").await, None);
    node.set("plan", b"in memory".to_vec(), LONG).await;
    assert_eq!(node.get("plan").await.as_deref(), Some(&b"in memory"[..]));
    assert!(node.mark("captcha:1", LONG).await);
    assert!(!node.mark("captcha:1", LONG).await);
    // What was taken before counts.
    node.rate_permit(TargetId::new(1), rates)
        .await
        .expect("the second");
    node.rate_permit(TargetId::new(1), rates)
        .await
        .expect_err("there were two");
    limit.take(7).await.expect("the second");
    limit.take(7).await.expect("the third");
    limit.take(7).await.expect_err("there were three");
    assert_eq!(node.answers().await, Some(false));

    redis.start_again().await;
    until("Redis to be back", async || {
        (node.answers().await == Some(true)).then_some(())
    })
    .await;
    assert_eq!(node.get("plan").await, None, "what stood in is gone");
}
