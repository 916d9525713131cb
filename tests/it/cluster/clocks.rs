//! Servers whose clocks differ: all of them go by the database's.

use push_notify_core::clock::Clock;
use push_notify_tests::{Backend, Builder, Receiver, Response, TestApp, example_channel, until};
use serde_json::json;
use std::time::Duration;

const FIVE_MINUTES_US: i64 = 300_000_000;
const PUSHES: usize = 30;

fn with_channel(builder: Builder) -> Builder {
    builder.plugin("hook", &example_channel(), &["http:${config.url}"])
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn servers_with_wrong_clocks_take_nothing_from_each_other() {
    // Slow: each holds pushes, whose leases the other one would take for ended.
    let receiver =
        Receiver::answering(|_| Response::json(200, &json!({})).after(Duration::from_millis(200)))
            .await;
    let mut right = with_channel(TestApp::on(Backend::Postgres)).start().await;
    let repo = right.repo("backend").await;
    right
        .target(json!({"name": "all", "type": "hook", "config": {"url": receiver.url("/hook")}}))
        .await;
    let ahead = right.beside().clock(Clock::wrong_by(FIVE_MINUTES_US));
    let ahead = ahead.start().await;
    let behind = right.beside().clock(Clock::wrong_by(-FIVE_MINUTES_US));
    let behind = behind.start().await;
    for index in 0..PUSHES / 3 {
        for (name, app) in [("right", &right), ("ahead", &ahead), ("behind", &behind)] {
            app.push(&repo, &format!("{name}{index}")).await;
        }
    }
    until("all to be delivered", async || {
        let done = right.get("/api/v1/pushes?status=success&size=1").await;
        (done.expect(200).data()["pagination"]["total"] == PUSHES).then_some(())
    })
    .await;
    assert_eq!(receiver.count(), PUSHES);
    behind.stop().await;
    ahead.stop().await;
    right.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_server_with_a_wrong_clock_puts_off_is_tried_in_time_by_another() {
    let receiver = Receiver::start().await;
    let mut right = with_channel(TestApp::on(Backend::Postgres)).start().await;
    let repo = right.repo("backend").await;
    right
        .target(json!({"name": "all", "type": "hook", "config": {"url": receiver.url("/hook")}}))
        .await;
    let ahead = right.beside().clock(Clock::wrong_by(FIVE_MINUTES_US));
    let ahead = ahead.start().await;
    receiver.then(Response::new(500, "out of order"));
    let ids = ahead.push(&repo, "aaa").await;
    receiver.wait_for(1).await;
    // The far side's trouble is on record before its server is gone.
    ahead.push_after(ids[0], 1).await;
    ahead.stop().await;
    // Within moments, not in five minutes.
    let push = right.push_in_state(ids[0], "delivered").await;
    let received = push["created_at"].as_str().expect("a time");
    let received: jiff::Timestamp = received.parse().expect("a time");
    let off_us = received.as_microsecond() - Clock::default().now_us();
    assert!(
        off_us.abs() < FIVE_MINUTES_US / 5,
        "received at {received}, {off_us} us off"
    );
    right.stop().await;
}
