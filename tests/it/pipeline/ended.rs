//! Pushes that end without being sent, or because sending them again would not help: each says why.

use push_notify_tests::{Backend, Delivery, DingTalk, Response, Robot, TestApp, both};
use serde_json::{Value, json};
use std::time::Duration;

both!(
    a_push_to_a_disabled_target_is_cancelled,
    a_push_whose_target_is_deleted_meanwhile_is_cancelled,
    a_push_whose_repository_is_deleted_meanwhile_is_cancelled,
);

async fn a_push_to_a_disabled_target_is_cancelled(on: Backend) {
    let robot = DingTalk::start().await;
    let mut app = TestApp::start(on).await;
    let repo = app.repo("backend").await;
    let target = app.target(Robot::at(&robot).target("team")).await;
    app.put(
        &format!("/api/v1/targets/{target}"),
        &json!({"status": "inactive"}),
    )
    .await
    .expect(200);
    let ids = app.push(&repo, "aaa").await;
    let push = app.push_in_state(ids[0], "cancelled").await;
    assert_eq!(push["status"], "failed");
    assert!(
        push["error_msg"]
            .as_str()
            .is_some_and(|reason| reason.contains("disabled")),
        "{push:#}"
    );
    assert_eq!(robot.count(), 0);

    app.put(
        &format!("/api/v1/targets/{target}"),
        &json!({"status": "active"}),
    )
    .await
    .expect(200);
    let ids = app.push(&repo, "bbb").await;
    app.push_in_state(ids[0], "delivered").await;
    app.stop().await;
}

async fn a_push_whose_target_is_deleted_meanwhile_is_cancelled(on: Backend) {
    let robot = DingTalk::start().await;
    robot.then(Response::new(429, "").header("retry-after", "60"));
    let mut app = TestApp::start(on).await;
    let repo = app.repo("backend").await;
    let target = app.target(Robot::at(&robot).target("team")).await;
    let ids = app.push(&repo, "aaa").await;
    app.push_after(ids[0], 1).await;
    app.delete(&format!("/api/v1/targets/{target}"))
        .await
        .expect(200);
    app.advance(Duration::from_secs(61));
    let push = app.push_in_state(ids[0], "cancelled").await;
    assert!(
        push["error_msg"]
            .as_str()
            .is_some_and(|reason| reason.contains("deleted")),
        "{push:#}"
    );
    assert_eq!(robot.count(), 1);
    assert!(app.push(&repo, "bbb").await.is_empty());
    app.stop().await;
}

async fn a_push_whose_repository_is_deleted_meanwhile_is_cancelled(on: Backend) {
    let robot = DingTalk::start().await;
    robot.then(Response::new(429, "").header("retry-after", "60"));
    let mut app = TestApp::start(on).await;
    let repo = app.repo("backend").await;
    app.target(Robot::at(&robot).target("team")).await;
    let ids = app.push(&repo, "aaa").await;
    app.push_after(ids[0], 1).await;
    app.delete(&format!("/api/v1/repos/{}", repo.id))
        .await
        .expect(200);
    app.deliver(&repo, Delivery::push("bbb")).await.expect(404);
    app.advance(Duration::from_secs(61));
    let push = app.push_in_state(ids[0], "cancelled").await;
    assert!(
        push["error_msg"]
            .as_str()
            .is_some_and(|reason| reason.contains("repository")),
        "{push:#}"
    );
    assert_eq!(robot.count(), 1);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_dingtalk_will_never_take_is_not_tried_again() {
    let robot = DingTalk::start().await;
    let mut app = TestApp::start(Backend::Sqlite).await;
    let repo = app.repo("backend").await;
    app.target(Robot::at(&robot).target("team")).await;
    let cases = [
        (
            DingTalk::errcode(999_999, "something new"),
            "rejected",
            "something new",
        ),
        (
            DingTalk::errcode(430104, "unsafe content"),
            "rejected",
            "unsafe content",
        ),
        (
            DingTalk::errcode(300005, "token is not exist"),
            "misconfigured",
            "token is not exist",
        ),
        (
            DingTalk::errcode(310000, "keywords not in content"),
            "misconfigured",
            "keywords",
        ),
        (Response::new(404, "no such page"), "misconfigured", "404"),
        (
            Response::new(302, "").header("location", "http://127.0.0.1:1/"),
            "misconfigured",
            "302",
        ),
        (Response::new(400, "bad request"), "rejected", "400"),
    ];
    for (index, (response, state, reason)) in cases.into_iter().enumerate() {
        robot.then(response);
        let ids = app.push(&repo, &format!("commit{index}")).await;
        let push = app.push_in_state(ids[0], state).await;
        assert_eq!(
            push["attempts"].as_array().map(Vec::len),
            Some(1),
            "{push:#}"
        );
        assert!(
            push["error_msg"]
                .as_str()
                .is_some_and(|text| text.contains(reason)),
            "{push:#}"
        );
        assert_eq!(robot.count(), index + 1);
    }
    app.assert_nothing_leaked();
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_signing_secret_is_a_misconfigured_target_and_mended_by_the_right_one() {
    let robot = DingTalk::start().await;
    let mut app = TestApp::start(Backend::Sqlite).await;
    let repo = app.repo("backend").await;
    let target = app
        .target(
            Robot::at(&robot)
                .with("secret", "SECwrong-not-real")
                .target("team"),
        )
        .await;
    let ids = app.push(&repo, "aaa").await;
    let push = app.push_in_state(ids[0], "misconfigured").await;
    assert!(
        push["error_msg"]
            .as_str()
            .is_some_and(|text| text.contains("sign not match")),
        "{push:#}"
    );
    let right = json!({"config": {"secret": robot.secret}});
    app.put(&format!("/api/v1/targets/{target}"), &right)
        .await
        .expect(200);
    let answer = app
        .post(&format!("/api/v1/pushes/{}/retry", ids[0]), &json!({}))
        .await
        .expect(200);
    let new = answer.data()["new_push_id"].as_i64().expect("a new push");
    app.push_in_state(new, "delivered").await;
    app.assert_nothing_leaked();
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_address_that_nobody_allowed_is_misconfigured_and_the_reason_says_which_setting_lets_it()
{
    let robot = DingTalk::start().await;
    let mut app = TestApp::on(Backend::Sqlite)
        .config(|config| config.network.allow.clear())
        .start()
        .await;
    let repo = app.repo("backend").await;
    app.target(Robot::at(&robot).target("team")).await;
    let ids = app.push(&repo, "aaa").await;
    let push = app.push_in_state(ids[0], "misconfigured").await;
    assert!(
        push["error_msg"]
            .as_str()
            .is_some_and(|text| text.contains("network.allow")),
        "{push:#}"
    );
    assert_eq!(robot.count(), 0);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_permission_that_is_not_granted_is_misconfigured_and_the_reason_is_the_line_to_add() {
    let robot = DingTalk::start().await;
    let mut app = TestApp::on(Backend::Sqlite)
        .config(|config| {
            let dingtalk = config
                .plugins
                .each
                .get_mut("dingtalk")
                .expect("it is in the defaults");
            dingtalk.grants = vec!["http:oapi.dingtalk.com".to_owned()];
        })
        .start()
        .await;
    let repo = app.repo("backend").await;
    app.target(Robot::at(&robot).target("team")).await;
    let ids = app.push(&repo, "aaa").await;
    let push = app.push_in_state(ids[0], "misconfigured").await;
    let reason = push["error_msg"].as_str().expect("a reason");
    assert!(
        reason.contains("http:${config.api_url}") && reason.contains("plugins.dingtalk.grants"),
        "{reason}"
    );
    assert_eq!(robot.count(), 0);
    let plugins = app.get("/api/v1/plugins").await.expect(200);
    let dingtalk = plugins
        .list()
        .iter()
        .find(|plugin| plugin["id"] == "dingtalk")
        .expect("it is listed");
    let granted: Vec<Value> = dingtalk["permissions"]["granted"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    assert_eq!(granted, [json!("http:oapi.dingtalk.com")]);
    app.stop().await;
}
