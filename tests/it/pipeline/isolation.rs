//! One bad neighbour does not slow the others down.

use push_notify_tests::{
    Backend, DingTalk, Receiver, Response, Robot, TestApp, example_channel, guest, until,
};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

const WEBHOOK: &[&str] = &["http:${config.url}"];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_target_that_never_answers_does_not_hold_up_another() {
    const PUSHES: usize = 40;
    let black_hole = Receiver::answering(|_| Response::never()).await;
    let healthy = Receiver::start().await;
    let mut app = TestApp::on(Backend::Sqlite)
        .config(|config| config.server.shutdown_seconds = 1)
        .plugin("hook", &example_channel(), WEBHOOK)
        .start()
        .await;
    let repo = app.repo("backend").await;
    let hole = app.target(webhook("hole", &black_hole)).await;
    app.target(webhook("healthy", &healthy)).await;

    let started = Instant::now();
    for index in 0..PUSHES {
        app.push(&repo, &format!("commit{index}")).await;
    }
    healthy.wait_for(PUSHES).await;
    // The black hole's first sends run into their deadline after 15 s.
    assert!(
        started.elapsed() < Duration::from_secs(12),
        "{:?}",
        started.elapsed()
    );
    assert!(black_hole.count() <= app.config.delivery.per_target);
    let stuck = app
        .get(&format!("/api/v1/pushes?target_id={hole}&status=pending"))
        .await
        .expect(200);
    assert_eq!(stuck.data()["pagination"]["total"], PUSHES);
    // Otherwise the server would wait for them when it stops.
    drop(black_hole);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_black_hole_among_fifty_targets_holds_up_none_of_the_others() {
    const OTHERS: usize = 49;
    const PUSHES: usize = 12;
    let black_hole = Receiver::answering(|_| Response::never()).await;
    let healthy = Receiver::start().await;
    let mut app = TestApp::on(Backend::Sqlite)
        .config(|config| config.server.shutdown_seconds = 1)
        .plugin("hook", &example_channel(), WEBHOOK)
        .start()
        .await;
    let repo = app.repo("backend").await;
    let hole = app.target(webhook("hole", &black_hole)).await;
    for index in 0..OTHERS {
        app.target(webhook(&format!("healthy {index}"), &healthy))
            .await;
    }
    for index in 0..PUSHES {
        app.push(&repo, &format!("commit{index}")).await;
    }
    healthy.wait_for(OTHERS * PUSHES).await;
    let stuck = app
        .get(&format!("/api/v1/pushes?target_id={hole}&status=pending"))
        .await
        .expect(200);
    assert_eq!(stuck.data()["pagination"]["total"], PUSHES);
    assert!(black_hole.count() <= app.config.delivery.per_target);
    drop(black_hole);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_guest_that_loops_hoards_or_panics_costs_its_own_call_only() {
    let robot = DingTalk::start().await;
    let mut app = TestApp::on(Backend::Sqlite)
        .config(|config| {
            config.plugins.cpu_ms = 300;
            config.delivery.max_attempts = 1;
        })
        .plugin("misbehaving", &guest("misbehaving"), &[])
        .start()
        .await;
    let repo = app.repo("backend").await;
    app.target(Robot::at(&robot).target("team")).await;
    for mode in ["loop", "hog", "panic"] {
        app.target(json!({"name": mode, "type": "misbehaving", "config": {"mode": mode}}))
            .await;
    }
    let ids = app.push(&repo, "aaa").await;
    assert_eq!(ids.len(), 4);
    let mut states = Vec::new();
    for id in ids {
        let push = until("the push to end", async || {
            Some(app.push_detail(id).await).filter(|push| push["state"] != "pending")
        })
        .await;
        let name = push["target"]["name"].as_str().expect("a name").to_owned();
        states.push((name, push["state"].as_str().expect("a state").to_owned()));
    }
    let expected = [
        ("team", "delivered"),
        ("loop", "failed"),
        ("hog", "failed"),
        ("panic", "failed"),
    ];
    let expected = expected.map(|(name, state)| (name.to_owned(), state.to_owned()));
    assert_eq!(states, expected);
    let ids = app.push(&repo, "bbb").await;
    app.push_in_state(ids[0], "delivered").await;
    app.stop().await;
}

fn webhook(name: &str, receiver: &Receiver) -> Value {
    json!({"name": name, "type": "hook", "config": {"url": receiver.url("/hook")}})
}
