//! `/api/v1/targets`, and the links between targets and repositories.

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use push_notify_tests::{Backend, DingTalk, Receiver, Robot, TestApp, both, standard_signature};
use serde_json::{Value, json};

both!(
    a_target_is_made_read_changed_and_deleted,
    a_masked_secret_sent_back_keeps_the_stored_one,
    a_list_of_secrets_is_masked_and_used_entry_by_entry,
    links_are_made_shown_and_removed_from_both_ends,
);

async fn a_target_is_made_read_changed_and_deleted(on: Backend) {
    let mut app = TestApp::start(on).await;
    let robot = DingTalk::start().await;
    let id = app.target(Robot::at(&robot).target("开发群")).await;
    let path = format!("/api/v1/targets/{id}");
    let shown = app.get(&path).await.expect(200);
    let data = shown.data();
    assert_eq!(data["type"], "dingtalk");
    assert_eq!(data["scope"], "global");
    assert_eq!(data["config"]["secret"], "******");
    assert_eq!(data["config"]["access_token"], "******");
    assert_eq!(data["config"]["api_url"], robot.url(""));
    assert_eq!(data["repos"], json!([]));
    assert_eq!(
        data["push_stats"],
        json!({"total": 0, "success": 0, "failed": 0})
    );

    let repo = app.repo("backend").await;
    let pushes = app.push(&repo, "aaa").await;
    app.push_in_state(pushes[0], "delivered").await;
    let list = app
        .get("/api/v1/targets?type=dingtalk&scope=global")
        .await
        .expect(200);
    assert_eq!(list.list().len(), 1);
    assert_eq!(list.list()[0]["push_count"], 1);
    assert_eq!(list.list()[0]["success_rate"], 100.0);
    assert!(
        app.get("/api/v1/targets?type=email")
            .await
            .expect(200)
            .list()
            .is_empty()
    );

    let same_name =
        json!({"name": "开发群", "type": "dingtalk", "config": {"access_token": "token-not-real"}});
    app.post("/api/v1/targets", &same_name)
        .await
        .expect_code(409, 30001);
    let changed = app
        .put(&path, &json!({"name": "renamed", "status": "inactive"}))
        .await
        .expect(200);
    assert_eq!(
        (&changed.data()["name"], &changed.data()["status"]),
        (&json!("renamed"), &json!("inactive"))
    );
    app.delete(&path).await.expect(200);
    app.get(&path).await.expect_code(404, 30004);
    app.delete(&path).await.expect_code(404, 30004);
    app.assert_nothing_leaked();
    app.stop().await;
}

async fn a_masked_secret_sent_back_keeps_the_stored_one(on: Backend) {
    let mut app = TestApp::start(on).await;
    let robot = DingTalk::start().await;
    let repo = app.repo("backend").await;
    let id = app.target(Robot::at(&robot).target("team")).await;
    let path = format!("/api/v1/targets/{id}");
    let mut shown = app.get(&path).await.expect(200).data().clone();
    shown["name"] = json!("renamed");
    shown["config"]["at_all"] = json!(true);
    app.put(&path, &shown).await.expect(200);
    let ids = app.push(&repo, "aaa").await;
    app.push_in_state(ids[0], "delivered").await;
    assert_eq!(robot.messages()[0]["at"]["isAtAll"], true);

    // A new target has nothing to keep.
    let masked = json!({"name": "copy", "type": "dingtalk", "config": {"access_token": "******"}});
    app.post("/api/v1/targets", &masked)
        .await
        .expect_code(422, 30002)
        .names("access_token");
    app.stop().await;
}

async fn a_list_of_secrets_is_masked_and_used_entry_by_entry(on: Backend) {
    let mut app = TestApp::start(on).await;
    let receiver = Receiver::start().await;
    let key = |name: &str| format!("test-{name}-key-that-is-not-real");
    let secret = |name: &str| format!("whsec_{}", BASE64.encode(key(name)));
    let body = json!({
        "name": "hook",
        "type": "webhook",
        "config": {
            "url": receiver.url("/in"),
            "secret": secret("new"),
            "former_secrets": [secret("old"), secret("older")],
        },
    });
    let id = app.target(body).await;
    let path = format!("/api/v1/targets/{id}");
    let shown = app.get(&path).await.expect(200);
    assert_eq!(shown.data()["config"]["former_secrets"], "******");
    app.put(&path, shown.data()).await.expect(200);
    let sign = async |count: usize| {
        let answer = app
            .post(&format!("{path}/test"), &json!({}))
            .await
            .expect(200);
        assert_eq!(answer.data()["status"], "success", "{}", answer.text);
        let sent = receiver.requests().pop().expect("a request");
        let header = |name: &str| sent.header(name).unwrap_or_default().to_owned();
        let (id, time) = (header("webhook-id"), header("webhook-timestamp"));
        let expected = ["new", "old", "older"][..count]
            .iter()
            .map(|name| standard_signature(key(name).as_bytes(), &id, &time, &sent.body));
        let expected: Vec<String> = expected.collect();
        assert_eq!(header("webhook-signature"), expected.join(" "));
    };
    sign(3).await;
    let mixed = json!({"config": {"former_secrets": ["******", secret("other")]}});
    app.put(&path, &mixed)
        .await
        .expect_code(422, 422)
        .names("former_secrets");
    app.put(
        &path,
        &json!({"config": {"former_secrets": [secret("old")]}}),
    )
    .await
    .expect(200);
    sign(2).await;
    app.put(&path, &json!({"config": {"former_secrets": []}}))
        .await
        .expect(200);
    sign(1).await;
    app.assert_nothing_leaked();
    app.stop().await;
}

/// Whoever may edit a target could otherwise have its secrets sent to themselves.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stored_secret_does_not_follow_its_target_to_another_address() {
    let mut app = TestApp::start(Backend::Sqlite).await;
    let robot = DingTalk::start().await;
    let elsewhere = Receiver::start().await;
    let id = app.target(Robot::at(&robot).target("team")).await;
    let path = format!("/api/v1/targets/{id}");
    let empty = json!({"config": {"access_token": "", "secret": ""}});
    let kept = app.put(&path, &empty).await.expect(200);
    assert_eq!(kept.data()["config"]["access_token"], "******");
    assert_eq!(kept.data()["config"]["secret"], "******");
    let empty = json!({"config": {"api_url": elsewhere.url(""), "access_token": "", "secret": ""}});
    app.put(&path, &empty)
        .await
        .expect_code(422, 30002)
        .names("secret");
    let moved = json!({"config": {"api_url": elsewhere.url("")}});
    app.put(&path, &moved)
        .await
        .expect_code(422, 30002)
        .names("access_token");
    let masked = json!({"config": {"api_url": elsewhere.url(""), "access_token": "******", "secret": "******"}});
    app.put(&path, &masked)
        .await
        .expect_code(422, 30002)
        .names("secret");
    let given = json!({"config": {"api_url": elsewhere.url(""), "access_token": "other-not-real", "secret": "other-not-real"}});
    app.put(&path, &given).await.expect(200);
    app.stop().await;
}

async fn links_are_made_shown_and_removed_from_both_ends(on: Backend) {
    let mut app = TestApp::start(on).await;
    let robot = DingTalk::start().await;
    let first = app.repo("first").await;
    let second = app.repo("second").await;
    let mut body = Robot::at(&robot).target("team");
    body["scope"] = json!("repo");
    body["repo_ids"] = json!([first.id]);
    let target = app.target(body).await;
    let repos_of_target =
        async || names(&app.get(&format!("/api/v1/targets/{target}")).await.data()["repos"]);
    assert_eq!(repos_of_target().await, ["first"]);

    app.post(
        &format!("/api/v1/targets/{target}/repos"),
        &json!({"repo_ids": [second.id, first.id]}),
    )
    .await
    .expect(200);
    assert_eq!(repos_of_target().await, ["first", "second"]);
    let linked = app
        .get(&format!("/api/v1/repos/{}/targets", second.id))
        .await
        .expect(200);
    assert_eq!(names(&linked.data()["list"]), ["team"]);
    let repo = app
        .get(&format!("/api/v1/repos/{}", second.id))
        .await
        .expect(200);
    assert_eq!(names(&repo.data()["targets"]), ["team"]);
    app.delete(&format!("/api/v1/targets/{target}/repos/{}", first.id))
        .await
        .expect(200);
    assert_eq!(repos_of_target().await, ["second"]);
    app.delete(&format!("/api/v1/targets/{target}/repos/{}", first.id))
        .await
        .expect(404);

    app.post(
        &format!("/api/v1/targets/{target}/repos"),
        &json!({"repo_ids": [999]}),
    )
    .await
    .expect_code(422, 20004);
    app.post(
        &format!("/api/v1/repos/{}/targets", first.id),
        &json!({"target_ids": [999]}),
    )
    .await
    .expect_code(422, 30004);
    app.post(
        "/api/v1/repos/999/targets",
        &json!({"target_ids": [target]}),
    )
    .await
    .expect_code(404, 20004);
    assert_eq!(repos_of_target().await, ["second"]);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_wrong_with_a_target_is_said_field_by_field() {
    let app = TestApp::start(Backend::Sqlite).await;
    let cases = [
        (json!({}), 422, 422, vec!["name", "type"]),
        (
            json!({"name": "a", "type": "pigeon"}),
            422,
            422,
            vec!["type"],
        ),
        (
            json!({"name": "a", "type": "dingtalk", "config": {}}),
            422,
            30002,
            vec!["access_token"],
        ),
        (
            json!({"name": "a", "type": "dingtalk", "config": {"access_token": "t", "colour": "red"}}),
            422,
            30002,
            vec!["colour"],
        ),
        (
            json!({"name": "a", "type": "dingtalk", "config": {"access_token": "t", "api_url": "not a url"}}),
            422,
            30002,
            vec!["api_url"],
        ),
        (
            json!({"name": "a", "type": "email", "config": {"smtp_host": "mail.example.com"}}),
            422,
            30003,
            vec!["smtp_port", "from", "to"],
        ),
        (
            json!({"name": "a", "type": "email", "config": {
                "smtp_host": "mail.example.com", "smtp_port": 70000, "from": "not an address", "to": ["a@example.com", "b"], "tls": "maybe",
            }}),
            422,
            30003,
            vec!["smtp_port", "from", "to", "tls"],
        ),
        (
            json!({"name": "a", "type": "dingtalk", "config": {"access_token": "t"}, "scope": "repo"}),
            422,
            422,
            vec!["repo_ids"],
        ),
        (
            json!({"name": "a", "type": "dingtalk", "config": {"access_token": "t"}, "scope": "galaxy"}),
            422,
            422,
            vec!["scope"],
        ),
        (
            json!({"name": "a", "type": "dingtalk", "config": "text"}),
            400,
            400,
            vec!["config"],
        ),
    ];
    for (body, status, code, fields) in cases {
        let answer = app
            .post("/api/v1/targets", &body)
            .await
            .expect_code(status, code);
        for field in fields {
            answer.names(field);
        }
    }
    assert_eq!(
        app.get("/api/v1/targets").await.data()["pagination"]["total"],
        0
    );
    app.stop().await;
}

fn names(list: &Value) -> Vec<String> {
    let mut names: Vec<String> = list
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|entry| entry["name"].as_str().map(str::to_owned))
        .collect();
    names.sort();
    names
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_target_can_tell_times_by_clocks_of_its_own() {
    let mut app = TestApp::start(Backend::Sqlite).await;
    let robot = DingTalk::start().await;
    let mut body = Robot::at(&robot).target("team");
    body["timezone"] = json!("asia/shanghai");
    let path = format!("/api/v1/targets/{}", app.target(body).await);
    let zone = async |app: &TestApp| app.get(&path).await.expect(200).data()["timezone"].clone();
    assert_eq!(zone(&app).await, "Asia/Shanghai");
    app.put(&path, &json!({"name": "others"})).await.expect(200);
    assert_eq!(zone(&app).await, "Asia/Shanghai");
    for wrong in [
        json!("Mars/Olympus"),
        json!("+08:00"),
        json!("UTC+8"),
        json!("a".repeat(200)),
        json!("../etc/passwd"),
    ] {
        let refused = app.put(&path, &json!({ "timezone": wrong })).await;
        refused.expect(422).names("timezone");
    }
    for (given, stored) in [
        (json!("Europe/Berlin"), json!("Europe/Berlin")),
        (json!("UTC"), json!("UTC")),
        (json!(null), json!(null)),
    ] {
        app.put(&path, &json!({ "timezone": given }))
            .await
            .expect(200);
        assert_eq!(zone(&app).await, stored);
    }
    app.stop().await;
}
