//! A target that fails again and again is left alone, and tried by one push now and then; who looks
//! at it sees why.

use push_notify_tests::{
    Api, Backend, DingTalk, Receiver, Response, Robot, TestApp, both, example_channel, until,
};
use serde_json::{Value, json};
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

both!(
    the_pushes_of_a_failing_target_wait_without_using_up_their_tries,
    a_change_of_its_settings_gives_a_target_another_chance,
    a_misconfigured_target_says_so_until_it_works,
    the_last_success_of_a_target_is_the_last_message_that_it_took,
    a_test_message_tries_at_once_whether_a_target_is_well_again,
);

/// A far side that is down until it is told otherwise.
async fn patient() -> (Receiver, Arc<AtomicBool>) {
    let is_up = Arc::new(AtomicBool::new(false));
    let up = is_up.clone();
    let receiver = Receiver::answering(move |_| match up.load(Ordering::Relaxed) {
        true => Response::json(200, &json!({})),
        false => Response::new(503, "closed for lunch"),
    });
    (receiver.await, is_up)
}

/// Breakers open after three failures, for half a minute to a minute.
async fn app(on: Backend) -> TestApp {
    TestApp::on(on)
        .config(|config| {
            config.delivery.per_target = 1;
            config.delivery.breaker_after = 3;
            config.delivery.breaker_base_ms = 60_000;
            config.delivery.breaker_cap_ms = 300_000;
        })
        .plugin("hook", &example_channel(), &["http:${config.url}"])
        .start()
        .await
}

fn webhook(receiver: &Receiver) -> Value {
    json!({"name": "team", "type": "hook", "config": {"url": receiver.url("/hook")}})
}

async fn in_state(api: &Api, target_id: i64, state: &str) -> Value {
    until(&format!("the target to be {state}"), async || {
        let target = api.get(&format!("/api/v1/targets/{target_id}")).await;
        let health = target.expect(200).data()["health"].clone();
        (health["state"] == state).then_some(health)
    })
    .await
}

async fn waiting(api: &Api) -> i64 {
    let pushes = api.get("/api/v1/pushes?status=pending&size=1").await;
    let pushes = pushes.expect(200);
    let total = &pushes.data()["pagination"]["total"];
    total.as_i64().expect("a total")
}

async fn the_pushes_of_a_failing_target_wait_without_using_up_their_tries(on: Backend) {
    const PUSHES: usize = 10;
    let (receiver, is_up) = patient().await;
    let mut app = app(on).await;
    let repo = app.repo("backend").await;
    let target_id = app.target(webhook(&receiver)).await;
    let well = app.get(&format!("/api/v1/targets/{target_id}")).await;
    assert_eq!(well.data()["health"]["state"], "healthy");
    let mut ids = Vec::new();
    for index in 0..PUSHES {
        ids.extend(app.push(&repo, &format!("commit{index}")).await);
    }
    let health = in_state(&app, target_id, "open").await;
    assert!(health["since"].is_string() && health["next_probe_at"].is_string());
    let error = health["last_error"].as_str().expect("an error");
    assert!(error.contains("503"), "{error}");
    let listed = app.get("/api/v1/targets").await.expect(200);
    assert_eq!(listed.list()[0]["health"]["state"], "open");
    assert_eq!(receiver.count(), 3);

    // Nor is what comes now sent, on this server or on another.
    ids.extend(app.push(&repo, "later").await);
    if on == Backend::Postgres {
        let other = app.beside().start().await;
        until("the other to know", async || {
            let seen = other.server.app().db.read();
            let open: i64 =
                sqlx::query_scalar("SELECT COUNT(*) FROM target_health WHERE open_until > 0")
                    .fetch_one(seen)
                    .await
                    .expect("an answer");
            (open == 1).then_some(())
        })
        .await;
        tokio::time::sleep(Duration::from_millis(1_500)).await;
        other.push(&repo, "elsewhere").await;
        tokio::time::sleep(Duration::from_millis(1_500)).await;
        other.stop().await;
    }
    assert_eq!(receiver.count(), 3);

    app.advance(Duration::from_secs(61));
    receiver.wait_for(4).await;
    let again = until("the breaker to open again", async || {
        let health = in_state(&app, target_id, "open").await;
        (health["next_probe_at"] != json!(null) && receiver.count() == 4).then_some(health)
    })
    .await;
    assert_eq!(again["since"], health["since"], "open since the first time");
    assert_eq!(receiver.count(), 4, "one push tried, and no other");
    let mut attempts = 0;
    for id in &ids {
        let push = app.push_detail(*id).await;
        attempts += push["attempts"].as_array().map_or(0, Vec::len);
    }
    assert!(attempts <= 4, "waiting is no attempt: {attempts}");

    is_up.store(true, Ordering::Relaxed);
    app.advance(Duration::from_secs(301));
    until("all to be delivered", async || {
        (waiting(&app).await == 0).then_some(())
    })
    .await;
    for id in ids {
        app.push_in_state(id, "delivered").await;
    }
    let health = in_state(&app, target_id, "healthy").await;
    assert_eq!(health["last_error"], json!(null));
    assert!(health["last_success_at"].is_string());
    app.stop().await;
}

async fn a_change_of_its_settings_gives_a_target_another_chance(on: Backend) {
    let (receiver, _) = patient().await;
    let better = Receiver::start().await;
    let mut app = app(on).await;
    let repo = app.repo("backend").await;
    let target_id = app.target(webhook(&receiver)).await;
    for index in 0..5 {
        app.push(&repo, &format!("commit{index}")).await;
    }
    in_state(&app, target_id, "open").await;
    let path = format!("/api/v1/targets/{target_id}");
    let renamed = app.put(&path, &json!({"name": "renamed"})).await;
    assert_eq!(renamed.expect(200).data()["health"]["state"], "open");
    let changed = app
        .put(&path, &json!({"config": {"url": better.url("/hook")}}))
        .await
        .expect(200);
    assert_eq!(changed.data()["health"]["state"], "healthy");
    better.wait_for(5).await;
    app.stop().await;
}

async fn a_test_message_tries_at_once_whether_a_target_is_well_again(on: Backend) {
    let (receiver, is_up) = patient().await;
    let mut app = app(on).await;
    let repo = app.repo("backend").await;
    let target_id = app.target(webhook(&receiver)).await;
    for index in 0..5 {
        app.push(&repo, &format!("commit{index}")).await;
    }
    in_state(&app, target_id, "open").await;
    let test = format!("/api/v1/targets/{target_id}/test");
    let tried = app.post(&test, &json!({})).await.expect(200);
    assert_eq!(tried.data()["status"], "failed");
    in_state(&app, target_id, "open").await;
    assert_eq!(receiver.count(), 4, "no other push tried");
    is_up.store(true, Ordering::Relaxed);
    let tried = app.post(&test, &json!({})).await.expect(200);
    assert_eq!(tried.data()["status"], "success");
    receiver.wait_for(4 + 1 + 5).await;
    in_state(&app, target_id, "healthy").await;
    app.stop().await;
}

async fn a_misconfigured_target_says_so_until_it_works(on: Backend) {
    let robot = DingTalk::start().await;
    let mut app = TestApp::start(on).await;
    let repo = app.repo("backend").await;
    let target_id = app.target(Robot::at(&robot).target("team")).await;
    robot.then(DingTalk::errcode(310000, "keywords not in content"));
    let ids = app.push(&repo, "aaa").await;
    app.push_in_state(ids[0], "misconfigured").await;
    let health = in_state(&app, target_id, "misconfigured").await;
    let error = health["last_error"].as_str().expect("an error");
    assert!(error.contains("keywords"), "{error}");
    let ids = app.push(&repo, "bbb").await;
    app.push_in_state(ids[0], "delivered").await;
    in_state(&app, target_id, "healthy").await;
    app.assert_nothing_leaked();
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_robot_that_is_blocked_is_left_alone_by_all_servers_and_over_a_restart() {
    let robot = DingTalk::start().await;
    robot.then(DingTalk::errcode(
        130101,
        "send too fast, exceed 20 times per minute",
    ));
    let mut app = TestApp::start(Backend::Postgres).await;
    let repo = app.repo("backend").await;
    let target_id = app.target(Robot::at(&robot).target("team")).await;
    let ids = app.push(&repo, "aaa").await;
    app.push_after(ids[0], 1).await;
    let target = app.get(&format!("/api/v1/targets/{target_id}")).await;
    let health = target.data()["health"].clone();
    assert_eq!(health["state"], "healthy", "it works: {health}");
    assert!(health["paused_until"].is_string());
    // One that starts later reads it.
    let other = app.beside().start().await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    other.push(&repo, "bbb").await;
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    assert_eq!(robot.count(), 1);
    other.advance(Duration::from_secs(590));
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(robot.count(), 1);
    other.advance(Duration::from_secs(11));
    robot.wait_for(3).await;
    other.stop().await;
    app.stop().await;
}

async fn the_last_success_of_a_target_is_the_last_message_that_it_took(on: Backend) {
    let (receiver, is_up) = patient().await;
    let mut app = app(on).await;
    let repo = app.repo("backend").await;
    let target_id = app.target(webhook(&receiver)).await;
    let shown = async |app: &TestApp| {
        let one = app.get(&format!("/api/v1/targets/{target_id}")).await;
        let one = one.expect(200).data()["health"]["last_success_at"].clone();
        let listed = app.get("/api/v1/targets").await.expect(200);
        assert_eq!(listed.list()[0]["health"]["last_success_at"], one);
        one
    };
    assert_eq!(shown(&app).await, json!(null));
    is_up.store(true, Ordering::Relaxed);
    let mut before = json!(null);
    // Some that never had any trouble, then some after it.
    for round in 0..4 {
        let id = app.push(&repo, &format!("well{round}")).await[0];
        let push = app.push_in_state(id, "delivered").await;
        let now = shown(&app).await;
        assert!(now.is_string() && now != before, "{now} after {before}");
        assert_eq!(now, push["pushed_at"]);
        before = now;
        if round == 1 {
            is_up.store(false, Ordering::Relaxed);
            app.push(&repo, "lost").await;
            let state = async || {
                let target = app.get(&format!("/api/v1/targets/{target_id}")).await;
                target.expect(200).data()["health"]["state"].clone()
            };
            until("it to fail", async || {
                (state().await != "healthy").then_some(())
            })
            .await;
            assert_eq!(shown(&app).await, before, "it took nothing since");
            is_up.store(true, Ordering::Relaxed);
            until("it to be well again", async || {
                app.advance(Duration::from_secs(301));
                (state().await == "healthy").then_some(())
            })
            .await;
        }
    }
    app.stop().await;
}
