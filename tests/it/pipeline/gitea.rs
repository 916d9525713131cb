//! Deliveries of Gitea, which are dressed up as GitHub's, too.

use push_notify_tests::{Backend, Delivery, DingTalk, Repo, Robot, TestApp, both, signature};
use serde_json::{Value, json};

both!(
    a_signed_push_of_gitea_reaches_dingtalk_and_a_forged_one_is_refused,
    the_end_of_a_branch_is_one_event_however_it_is_announced,
    a_test_of_an_empty_repository_hides_no_deletion,
);

const URL: &str = "https://git.example.com/company/backend-service";

async fn gitea_repo(app: &mut TestApp) -> Repo {
    let fields = json!({"type": "gitea", "url": URL});
    app.repo_with("backend", fields).await
}

/// Signed as Gitea does it and not as GitHub: over the JSON, also in a form.
fn delivery(event: &str, body: &Value, secret: &str) -> Delivery {
    let delivery = Delivery::new(event, body).unsigned();
    let digits = signature(secret, delivery.body());
    delivery
        .header("x-gitea-event", event)
        .header("x-gitea-signature", &digits)
}

fn payload(rest: Value) -> Value {
    let user = json!({"login": "lisi", "full_name": "李四", "email": "lisi@example.com"});
    let mut payload = json!({
        "repository": {"full_name": "company/backend-service", "html_url": URL, "private": true},
        "pusher": user,
        "sender": user,
    });
    if let (Value::Object(payload), Value::Object(rest)) = (&mut payload, rest) {
        payload.extend(rest);
    }
    payload
}

fn push(commit: &str) -> Value {
    let commits = json!([
        {"id": commit, "message": "feat: 新增登录功能\n", "author": {"name": "李四"}, "added": ["src/login.go"]},
        {"id": "aaa", "message": "the one before\n", "author": {"name": "李四"}},
    ]);
    payload(json!({
        "ref": "refs/heads/main", "before": "1111", "after": commit, "commits": commits, "total_commits": 9,
    }))
}

async fn a_signed_push_of_gitea_reaches_dingtalk_and_a_forged_one_is_refused(on: Backend) {
    let robot = DingTalk::start().await;
    let mut app = TestApp::start(on).await;
    let repo = gitea_repo(&mut app).await;
    app.target(Robot::at(&robot).target("team")).await;

    for sound in [
        delivery("push", &push("bbb"), &repo.secret),
        delivery("push", &push("ccc"), &repo.secret).form(),
    ] {
        let answer = app.deliver(&repo, sound).await.expect(200);
        let id = answer.data()["push_id"].as_i64().expect("a push");
        app.push_in_state(id, "delivered").await;
    }
    let text = robot.messages()[0]["markdown"]["text"].to_string();
    for part in ["backend", "main", "feat: 新增登录功能"] {
        assert!(text.contains(part), "`{part}` is not in {text}");
    }
    let events = app.get("/api/v1/events").await.expect(200);
    let id = &events.list()[0]["id"];
    let event = app.get(&format!("/api/v1/events/{id}")).await.expect(200);
    assert_eq!(event.data()["provider"], "gitea", "{}", event.text);

    let forged = delivery("push", &push("ddd"), "another-secret-not-real");
    let as_github = Delivery::new("push", &push("ddd")).signed_with("another-secret-not-real");
    let unsigned = Delivery::new("push", &push("ddd"))
        .unsigned()
        .header("x-gitea-event", "push")
        .header("x-gitea-signature", "")
        .header("x-hub-signature-256", "sha256=");
    for refused in [forged, as_github, unsigned] {
        app.deliver(&repo, refused).await.expect(401);
    }

    let path = format!("/api/v1/repos/{}/test", repo.id);
    let rehearsal = app.post(&path, &json!({})).await.expect(200);
    assert_eq!(rehearsal.data()["status"], "success", "{}", rehearsal.text);
    assert_eq!(robot.count(), 2);
    app.assert_nothing_leaked();
    app.stop().await;
}

async fn the_end_of_a_branch_is_one_event_however_it_is_announced(on: Backend) {
    let robot = DingTalk::start().await;
    let mut app = TestApp::start(on).await;
    let repo = gitea_repo(&mut app).await;
    app.target(Robot::at(&robot).target("team")).await;

    let deleted = payload(json!({"ref": "login", "ref_type": "branch"}));
    let deleted = delivery("delete", &deleted, &repo.secret);
    let first = app.deliver(&repo, deleted).await.expect(200);
    let id = first.data()["push_id"].as_i64().expect("a push");
    app.push_in_state(id, "delivered").await;
    let zeros = "0".repeat(40);
    let pushed = payload(json!({"ref": "refs/heads/login", "before": "bbb", "after": zeros}));
    let pushed = delivery("push", &pushed, &repo.secret);
    let second = app.deliver(&repo, pushed).await.expect(200);
    assert_eq!(first.data()["event_id"], second.data()["event_id"]);
    assert_eq!(robot.count(), 1);
    app.stop().await;
}

/// Gitea, Forgejo and Gogs make one up whose commits are both zeros.
async fn a_test_of_an_empty_repository_hides_no_deletion(on: Backend) {
    let robot = DingTalk::start().await;
    let mut app = TestApp::start(on).await;
    let repo = gitea_repo(&mut app).await;
    app.target(Robot::at(&robot).target("team")).await;

    let zeros = "0".repeat(40);
    let made_up =
        json!({"id": zeros, "message": "This is a fake commit", "author": {"name": "Ghost"}});
    let test = payload(json!({
        "ref": "refs/heads/main", "before": zeros, "after": zeros, "commits": [made_up], "total_commits": 1,
    }));
    let test = delivery("push", &test, &repo.secret);
    let test = app.deliver(&repo, test).await.expect(200);
    let id = test.data()["push_id"].as_i64().expect("a push");
    let push = app.push_in_state(id, "delivered").await;
    let told = push["content"]["body"].as_str().expect("a text");
    assert!(
        told.contains("This is a fake commit") && !told.contains("删除"),
        "{told}"
    );

    let deleted = payload(json!({"ref": "main", "ref_type": "branch"}));
    let deleted = delivery("delete", &deleted, &repo.secret);
    let deleted = app.deliver(&repo, deleted).await.expect(200);
    assert_eq!(deleted.data()["duplicate"], false, "{}", deleted.text);
    let id = deleted.data()["push_id"].as_i64().expect("a push");
    let push = app.push_in_state(id, "delivered").await;
    let told = push["content"]["body"].as_str().expect("a text");
    assert!(told.contains("删除了分支"), "{told}");
    assert_eq!(robot.count(), 2);
    app.stop().await;
}
