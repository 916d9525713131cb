//! `/api/v1/pushes`.

use push_notify_tests::{Backend, DingTalk, Response, Robot, TestApp, both};
use serde_json::json;
use std::time::Duration;

both!(
    a_push_is_listed_and_shown_as_the_contract_says,
    lists_are_filtered,
    a_push_is_not_retried_while_a_retry_of_it_lives,
);

async fn a_push_is_listed_and_shown_as_the_contract_says(on: Backend) {
    let robot = DingTalk::start().await;
    let mut app = TestApp::start(on).await;
    let repo = app.repo("后端服务").await;
    let target = app.target(Robot::at(&robot).target("开发群")).await;
    let ids = app.push(&repo, "abc123def").await;
    let push = app.push_in_state(ids[0], "delivered").await;
    assert_eq!(push["id"], ids[0]);
    assert_eq!(
        push["repo"],
        json!({"id": repo.id, "name": "后端服务", "url": "https://github.com/company/backend-service"})
    );
    assert_eq!(
        push["target"],
        json!({"id": target, "name": "开发群", "type": "dingtalk"})
    );
    assert!(push["template"]["id"].is_i64() && push["template"]["name"].is_string());
    let commit = json!({
        "id": "abc123def", "msg": "feat: 新增登录功能 abc123def", "author": "张三", "branch": "main",
        "changed_files": ["src/login.go", "README.md"], "file_count": 2,
    });
    assert_eq!(push["commit"], commit);
    assert_eq!(push["content"]["title"], "后端服务 提交了代码: main");
    assert!(
        push["content"]["body"]
            .as_str()
            .is_some_and(|body| body.contains("新增登录功能"))
    );
    assert_eq!(push["status"], "success");
    assert_eq!(push["retry_count"], 0);
    assert!(
        push["error_msg"].is_null()
            && push["retry_of"].is_null()
            && push["next_attempt_at"].is_null()
    );
    for field in ["pushed_at", "created_at"] {
        let time = push[field].as_str().expect("a time");
        assert!(
            time.ends_with('Z') && time.parse::<jiff::Timestamp>().is_ok(),
            "{time}"
        );
    }
    let list = app.get("/api/v1/pushes").await.expect(200);
    let entry = &list.list()[0];
    assert_eq!(entry["repo_name"], "后端服务");
    assert_eq!(entry["target_name"], "开发群");
    assert_eq!(entry["target_type"], "dingtalk");
    assert_eq!(entry["commit_id"], "abc123def");
    assert_eq!(entry["commit_msg"], "feat: 新增登录功能 abc123def");
    assert_eq!(entry["status"], "success");
    assert_eq!(entry["pushed_at"], push["pushed_at"]);
    app.get("/api/v1/pushes/999999")
        .await
        .expect_code(404, 70001);
    app.get("/api/v1/pushes/zero").await.expect(400);
    app.post("/api/v1/pushes/999999/retry", &json!({}))
        .await
        .expect_code(404, 70001);
    app.stop().await;
}

async fn lists_are_filtered(on: Backend) {
    let robot = DingTalk::start().await;
    robot.then(DingTalk::errcode(300005, "token is not exist"));
    robot.then(Response::new(429, "").header("retry-after", "600"));
    let mut app = TestApp::start(on).await;
    let first = app.repo("first").await;
    let second = app.repo("second").await;
    let target = app.target(Robot::at(&robot).target("team")).await;
    let failed = app.push(&first, "aaa").await[0];
    app.push_in_state(failed, "misconfigured").await;
    let pending = app.push(&second, "bbb").await[0];
    app.push_after(pending, 1).await;
    let ids = async |query: &str| {
        let list = app
            .get(&format!("/api/v1/pushes?{query}"))
            .await
            .expect(200);
        let ids: Vec<i64> = list
            .list()
            .iter()
            .filter_map(|push| push["id"].as_i64())
            .collect();
        ids
    };
    assert_eq!(ids("").await, [pending, failed], "the newest first");
    assert_eq!(ids(&format!("repo_id={}", first.id)).await, [failed]);
    assert_eq!(ids(&format!("target_id={target}")).await.len(), 2);
    assert_eq!(ids("target_id=999").await.len(), 0);
    assert_eq!(ids("status=failed").await, [failed]);
    assert_eq!(ids("status=pending").await, [pending]);
    assert!(ids("status=success").await.is_empty());
    assert_eq!(ids("keyword=bbb").await, [pending]);
    assert_eq!(ids("keyword=FIRST").await, [failed]);
    assert_eq!(ids("start_time=2026-01-01T00:00:00Z").await.len(), 2);
    assert!(ids("end_time=2026-01-01T00:00:00Z").await.is_empty());
    app.get("/api/v1/pushes?status=lost")
        .await
        .expect(400)
        .names("status");
    app.get("/api/v1/pushes?start_time=yesterday")
        .await
        .expect(400)
        .names("start_time");
    app.get("/api/v1/pushes?start_time=2026-01-02T00:00:00Z&end_time=2026-01-01T00:00:00Z")
        .await
        .expect(400)
        .names("end_time");
    app.post(&format!("/api/v1/pushes/{pending}/retry"), &json!({}))
        .await
        .expect(409);
    app.advance(Duration::from_secs(601));
    app.push_in_state(pending, "delivered").await;
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_push_is_sent_again_by_hand_ten_times_and_no_more() {
    let robot = DingTalk::start().await;
    let mut app = TestApp::start(Backend::Sqlite).await;
    let repo = app.repo("backend").await;
    app.target(Robot::at(&robot).target("team")).await;
    for _ in 0..11 {
        robot.then(DingTalk::errcode(300005, "token is not exist"));
    }
    let mut id = app.push(&repo, "aaa").await[0];
    app.push_in_state(id, "misconfigured").await;
    for _ in 0..10 {
        let answer = app
            .post(&format!("/api/v1/pushes/{id}/retry"), &json!({}))
            .await
            .expect(200);
        id = answer.data()["new_push_id"].as_i64().expect("a new push");
        app.push_in_state(id, "misconfigured").await;
    }
    app.post(&format!("/api/v1/pushes/{id}/retry"), &json!({}))
        .await
        .expect_code(409, 70002);
    app.stop().await;
}

async fn a_push_is_not_retried_while_a_retry_of_it_lives(on: Backend) {
    let robot = DingTalk::start().await;
    robot.then(DingTalk::errcode(300005, "token is not exist"));
    robot.then(DingTalk::errcode(300005, "token is not exist"));
    robot.then(Response::new(429, "").header("retry-after", "600"));
    let mut app = TestApp::start(on).await;
    let repo = app.repo("backend").await;
    app.target(Robot::at(&robot).target("team")).await;
    let retry = async |app: &TestApp, id: i64| {
        app.post(&format!("/api/v1/pushes/{id}/retry"), &json!({}))
            .await
    };
    let new = |answer: push_notify_tests::Answer| answer.data()["new_push_id"].as_i64();
    let first = app.push(&repo, "aaa").await[0];
    app.push_in_state(first, "misconfigured").await;
    let second = new(retry(&app, first).await.expect(200)).expect("an id");
    app.push_in_state(second, "misconfigured").await;
    let third = new(retry(&app, second).await.expect(200)).expect("an id");
    app.push_after(third, 1).await;
    for id in [first, second] {
        retry(&app, id).await.expect_code(409, 409);
    }
    app.advance(Duration::from_secs(601));
    app.push_in_state(third, "delivered").await;
    for id in [first, second] {
        retry(&app, id).await.expect_code(409, 409);
    }
    app.stop().await;
}
