//! Two servers on one PostgreSQL and one Redis.

use push_notify::{app::App, session::captcha};
use push_notify_tests::{
    Api, Backend, Builder, Delivery, DingTalk, Receiver, Response, Robot, TestApp, example_channel,
    redis_url, until,
};
use serde_json::json;
use std::time::Duration;
use tokio::time::Instant;

fn shared() -> Builder {
    TestApp::on(Backend::Postgres)
        .plugin("hook", &example_channel(), &["http:${config.url}"])
        .config(|config| config.redis.url = redis_url())
}

/// Another node, when both hear one another.
async fn beside(first: &TestApp) -> TestApp {
    let second = first.beside().start().await;
    for node in [first, &second] {
        until("news to get here", async || {
            node.server.app().shared.is_connected().then_some(())
        })
        .await;
    }
    second
}

/// Does something, and waits until this node knows that what it holds is stale.
async fn hears_of(node: &App, change: impl Future) {
    let before = node.generation();
    change.await;
    until("the change to be known", async || {
        (node.generation() != before).then_some(())
    })
    .await;
    assert!(
        node.shared.is_connected(),
        "it was told and did not have to guess"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_changed_target_is_used_by_the_other_node_at_once() {
    let answer = |_: &_| Response::json(200, &json!({}));
    let (old, new) = (
        Receiver::answering(answer).await,
        Receiver::answering(answer).await,
    );
    let mut first = shared().start().await;
    let second = beside(&first).await;
    let repo = first.repo("backend").await;
    let body = json!({"name": "all", "type": "hook", "config": {"url": old.url("/hook")}});
    let target = first.target(body).await;
    let ids = second.push(&repo, "before").await;
    second.push_in_state(ids[0], "delivered").await;
    hears_of(second.server.app(), async {
        let body = json!({"config": {"url": new.url("/hook")}});
        let path = format!("/api/v1/targets/{target}");
        first.put(&path, &body).await.expect(200);
    })
    .await;
    let ids = second.push(&repo, "after").await;
    second.push_in_state(ids[0], "delivered").await;
    assert_eq!((old.count(), new.count()), (1, 1));
    second.stop().await;
    first.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_pipelines_hold_is_stale_after_each_change_on_another_node() {
    let first = shared().start().await;
    let second = beside(&first).await;
    let second_app = second.server.app();
    let template = json!({
        "name": "short", "type": "dingtalk", "scene": "commit_notify", "title": "t", "content": "c",
    });
    hears_of(second_app, async {
        first.post("/api/v1/templates", &template).await.expect(200);
    })
    .await;
    let prompt = json!({"name": "own", "type": "codeview", "content": "Review {{.DiffContent}}"});
    let mut id = 0;
    hears_of(second_app, async {
        id = first
            .post("/api/v1/prompts", &prompt)
            .await
            .expect(200)
            .id();
    })
    .await;
    let path = format!("/api/v1/prompts/{id}");
    hears_of(second_app, async {
        let body = json!({"content": "Review with care {{.DiffContent}}"});
        first.put(&path, &body).await.expect(200);
    })
    .await;
    hears_of(second_app, first.delete(&path)).await;
    second.stop().await;
    first.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nodes_share_the_limits_of_requests() {
    let mut first = shared()
        .config(|config| {
            config.rate_limit.enabled = true;
            config.rate_limit.webhook_per_minute = 10;
            config.rate_limit.auth_per_minute = 1000;
            config.rate_limit.read_per_minute = 1000;
            config.rate_limit.write_per_minute = 1000;
        })
        .start()
        .await;
    let second = beside(&first).await;
    let repo = first.repo("backend").await;
    for index in 0..5 {
        for node in [&first, &second] {
            let delivery = Delivery::push(&format!("commit{index}"));
            node.deliver(&repo, delivery).await.expect(200);
        }
    }
    for node in [&first, &second] {
        let refused = node.deliver(&repo, Delivery::push("one too many")).await;
        let refused = refused.expect_code(429, 429);
        assert!(refused.header("retry-after").is_some());
    }
    second.stop().await;
    first.stop().await;
}

/// Waits until so many pushes are pending, held by nobody and not tried yet.
async fn wait_in_the_table(node: &TestApp, count: usize) {
    until("the pushes to be back in the table", async || {
        let waiting = node.get("/api/v1/pushes?status=pending").await.expect(200);
        let mut free = 0;
        for push in waiting.list() {
            let push = node.push_detail(push["id"].as_i64().expect("an id")).await;
            if push["status"] == "pending" {
                let attempts = push["attempts"].as_array().map(Vec::len);
                assert_eq!(attempts, Some(0), "waiting is no attempt: {push:#}");
                free += usize::from(!push["next_attempt_at"].is_null());
            }
        }
        (free == count && waiting.list().len() == count).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nodes_share_the_rate_of_a_target_and_a_restart_remembers_it() {
    let robot = DingTalk::start().await;
    let mut first = shared().start().await;
    let second = beside(&first).await;
    let repo = first.repo("backend").await;
    first.target(Robot::at(&robot).target("team")).await;
    for index in 0..20 {
        let node = [&first, &second][index % 2];
        node.push(&repo, &format!("commit{index}")).await;
    }
    until("18 pushes to be delivered", async || {
        let done = first.get("/api/v1/pushes?status=success&size=1").await;
        (done.expect(200).data()["pagination"]["total"] == 18).then_some(())
    })
    .await;
    wait_in_the_table(&first, 2).await;
    assert_eq!(robot.count(), 18);
    second.stop().await;

    let third = first.beside().start().await;
    let hook = Receiver::answering(|_| Response::json(200, &json!({}))).await;
    let body = json!({"name": "all", "type": "hook", "config": {"url": hook.url("/hook")}});
    first.target(body).await;
    third.push(&repo, "one more").await;
    hook.wait_for(1).await;
    wait_in_the_table(&third, 3).await;
    assert_eq!(robot.count(), 18);
    third.stop().await;
    first.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nodes_wake_one_another() {
    let first = shared().start().await;
    let second = beside(&first).await;
    let (first_app, second_app) = (first.server.app(), second.server.app());
    // Then nobody but the test waits for a word.
    first.server.pipeline().stop(Duration::from_secs(5)).await;
    for word in [&first_app.wake, &first_app.review_wake] {
        let earlier = tokio::time::timeout(Duration::from_millis(100), word.notified());
        earlier.await.ok();
    }
    second_app.pushes_due();
    tokio::time::timeout(Duration::from_secs(10), first_app.wake.notified())
        .await
        .expect("it is told of pushes");
    second_app.reviews_due();
    tokio::time::timeout(Duration::from_secs(10), first_app.review_wake.notified())
        .await
        .expect("it is told of reviews");
    second.stop().await;
    first.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_that_ends_on_one_node_ends_on_the_other() {
    let first = shared().start().await;
    let second = beside(&first).await;
    let (id, _) = first.user("mallory", "user").await;
    let elsewhere = Api::new(second.server.address()).unrecorded();
    let (elsewhere, _) = elsewhere.login("mallory", "User-not-real-1").await;
    elsewhere.get("/api/v1/auth/me").await.expect(200);
    let path = format!("/api/v1/users/{id}/lock");
    first
        .put(&path, &json!({"action": "lock"}))
        .await
        .expect(200);
    let told = Instant::now();
    until("the other node to know", async || {
        let answer = elsewhere.get("/api/v1/auth/me").await;
        (answer.status == 401).then_some(())
    })
    .await;
    // What is kept is kept for five.
    assert!(told.elapsed() < Duration::from_secs(4));
    second.stop().await;
    first.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_captcha_is_good_for_one_try_on_any_node() {
    let first = shared().start().await;
    let second = beside(&first).await;
    let (first_app, second_app) = (first.server.app(), second.server.app());
    let shown = first.anonymous().get("/api/v1/auth/captcha").await;
    let shown = shown.expect(200);
    let key = shown.data()["captcha_key"].as_str().expect("a key");
    let answer = captcha::open(&second_app.vault, key).expect("one key for both");
    assert!(captcha::is_solved(second_app, key, &answer.answer).await);
    assert!(!captcha::is_solved(first_app, key, &answer.answer).await);
    second.stop().await;
    first.stop().await;
}
