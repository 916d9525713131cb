//! Test messages: `/api/v1/targets/{id}/test` and `/api/v1/templates/{id}/test`.

use push_notify_tests::{Answer, Backend, DingTalk, Email, Robot, Security, Smtp, TestApp, both};
use serde_json::{Value, json};
use std::time::Duration;

both!(
    a_target_gets_a_test_message_that_is_recorded_like_any_other,
    a_test_that_fails_says_why_and_is_not_tried_again,
    a_test_belongs_to_a_linked_repository,
);

async fn a_target_gets_a_test_message_that_is_recorded_like_any_other(on: Backend) {
    let robot = DingTalk::start().await;
    let mut app = TestApp::start(on).await;
    let target = app.target(Robot::at(&robot).target("开发群")).await;
    // Without a body, as a button would.
    let request = app.request(reqwest::Method::POST, &of_target(target));
    let answer = app.send(request).await.expect(200);
    assert_eq!(answer.data()["status"], "success", "{}", answer.text);
    assert!(answer.data()["error"].is_null());
    let push = app.push_detail(push_id(&answer)).await;
    assert_eq!(push["state"], "delivered");
    assert_eq!(push["repo"], json!({"id": 0, "name": null, "url": null}));
    assert_eq!(push["target"]["id"], target);
    assert!(push["template"]["name"].is_string());
    assert_eq!(push["attempts"].as_array().map(Vec::len), Some(1));
    assert_eq!(push["commit"]["branch"], "main");
    let sent = &robot.messages()[0]["markdown"];
    assert_eq!(push["content"]["title"], sent["title"]);
    assert!(
        sent["text"]
            .as_str()
            .is_some_and(|text| text.contains("test message from Push Notify")),
        "{sent}"
    );

    let listed = app.get("/api/v1/pushes").await.expect(200);
    assert_eq!(listed.list()[0]["id"], answer.data()["push_id"]);
    assert!(listed.list()[0]["repo_name"].is_null());
    let events = app.get("/api/v1/events").await.expect(200);
    assert_eq!(events.list()[0]["kind"], "push");
    app.get(&format!("/api/v1/events/{}", push["event_id"]))
        .await
        .expect(200);
    let shown = app.get(&format!("/api/v1/targets/{target}")).await;
    assert_eq!(
        shown.data()["push_stats"],
        json!({"total": 1, "success": 1, "failed": 0})
    );

    let template = app
        .post("/api/v1/templates", &template("dingtalk"))
        .await
        .expect(200)
        .id();
    let chosen = json!({"template_id": template});
    let answer = app.post(&of_target(target), &chosen).await.expect(200);
    assert_eq!(answer.json["message"], "The test message was sent");
    assert_eq!(
        robot.messages()[1]["markdown"]["title"],
        "backend-service by Zhang San"
    );
    let shown = app.get(&format!("/api/v1/templates/{template}")).await;
    assert_eq!(shown.data()["push_count"], 1);
    app.assert_nothing_leaked();
    app.stop().await;
}

async fn a_test_that_fails_says_why_and_is_not_tried_again(on: Backend) {
    let robot = DingTalk::start().await;
    robot.then(DingTalk::errcode(300005, "token is not exist"));
    robot.then(DingTalk::errcode(-1, "system busy"));
    let mut app = TestApp::start(on).await;
    let target = app.target(Robot::at(&robot).target("team")).await;
    let refused = app.post(&of_target(target), &json!({})).await.expect(200);
    assert_eq!(
        refused.json["message"],
        "The test message could not be sent"
    );
    assert_eq!(refused.data()["status"], "failed");
    assert!(error(&refused).contains("300005"), "{}", refused.text);

    let template = app
        .post("/api/v1/templates", &template("dingtalk"))
        .await
        .expect(200)
        .id();
    let data = json!({"target_id": target, "test_data": {"RepoName": "mine"}});
    let busy = app.post(&of_template(template), &data).await.expect(200);
    assert_eq!(busy.data()["status"], "failed", "{}", busy.text);
    assert!(error(&busy).contains("busy"), "{}", busy.text);
    let push = app.push_detail(push_id(&busy)).await;
    assert_eq!(
        (&push["state"], &push["attempts"][0]["outcome"]),
        (&json!("failed"), &json!("retry"))
    );
    app.advance(Duration::from_secs(7200));

    // A retry by hand says the same, once.
    robot.then(DingTalk::errcode(-1, "system busy"));
    let retry = format!("/api/v1/pushes/{}/retry", push_id(&busy));
    let again = app.post(&retry, &json!({})).await.expect(200);
    let again = again.data()["new_push_id"].as_i64().expect("a new push");
    let again = app.push_in_state(again, "failed").await;
    assert_eq!(again["content"], push["content"]);
    assert_eq!(again["content"]["title"], "mine by Zhang San");
    assert_eq!(again["template"]["id"], template);
    assert_eq!(robot.count(), 3);
    app.stop().await;
}

async fn a_test_belongs_to_a_linked_repository(on: Backend) {
    let smtp = Smtp::start(Security::Starttls).await;
    let mut app = TestApp::start(on).await;
    let repo = app.repo("后端服务").await;
    let mut body = Email::through(&smtp).target("team");
    body["scope"] = json!("repo");
    body["repo_ids"] = json!([repo.id]);
    let target = app.target(body).await;
    let template = app
        .post("/api/v1/templates", &template("email"))
        .await
        .expect(200)
        .id();
    let answer = app
        .post(&of_template(template), &json!({"target_id": target}))
        .await
        .expect(200);
    assert_eq!(answer.data()["status"], "success", "{}", answer.text);
    let push = app.push_detail(push_id(&answer)).await;
    assert_eq!(
        (&push["repo"]["id"], &push["repo"]["name"]),
        (&json!(repo.id), &json!("后端服务"))
    );
    assert_eq!(
        smtp.mails()[0].parse().subject(),
        Some("后端服务 by Zhang San")
    );
    app.assert_nothing_leaked();
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_tested_is_refused_by_name() {
    let robot = DingTalk::start().await;
    let mut app = TestApp::start(Backend::Sqlite).await;
    let target = app.target(Robot::at(&robot).target("team")).await;
    let mail = app
        .post("/api/v1/templates", &template("email"))
        .await
        .expect(200)
        .id();
    let post = async |path: String, body: Value| app.post(&path, &body).await;
    post(of_target(target), json!({"template_id": mail}))
        .await
        .expect(422)
        .names("template_id");
    post(of_target(target), json!({"template_id": 999}))
        .await
        .expect(422)
        .names("template_id");
    post(of_target(target), json!({"template_id": "1"}))
        .await
        .expect(400)
        .names("template_id");
    post(of_target(999), json!({}))
        .await
        .expect_code(404, 30004);
    post(of_template(mail), json!({}))
        .await
        .expect(422)
        .names("target_id");
    post(of_template(mail), json!({"target_id": target}))
        .await
        .expect(422)
        .names("target_id");
    post(of_template(mail), json!({"target_id": 999}))
        .await
        .expect_code(422, 30004)
        .names("target_id");
    post(of_template(999), json!({"target_id": target}))
        .await
        .expect(404);
    let listed = json!({"target_id": target, "test_data": []});
    post(of_template(mail), listed)
        .await
        .expect(400)
        .names("test_data");

    let conditional = json!({
        "name": "conditional", "type": "dingtalk", "scene": "commit_notify", "title": "t",
        "content": "{{if eq .RepoName \"cursed\"}}{{index .ChangedFiles 999}}{{end}}",
    });
    let conditional = app
        .post("/api/v1/templates", &conditional)
        .await
        .expect(200)
        .id();
    let data = json!({"target_id": target, "test_data": {"RepoName": "cursed"}});
    post(of_template(conditional), data)
        .await
        .expect(422)
        .names("content");
    app.put(
        &format!("/api/v1/targets/{target}"),
        &json!({"status": "inactive"}),
    )
    .await
    .expect(200);
    post(of_target(target), json!({})).await.expect(409);
    assert_eq!(robot.count(), 0);
    assert!(app.get("/api/v1/pushes").await.list().is_empty());
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn test_data_stays_data() {
    let robot = DingTalk::start().await;
    let mut app = TestApp::start(Backend::Sqlite).await;
    let target = app.target(Robot::at(&robot).target("team")).await;
    let template = app
        .post("/api/v1/templates", &template("dingtalk"))
        .await
        .expect(200)
        .id();
    let hostile = json!({
        "RepoName": "{{.Author}}\u{0}\n{{template \"x\"}}",
        "RepoUrl": "javascript:alert(1)", "Url": "https://evil.example.com/)[x](y",
        "CommitId": "'; DROP TABLE pushes; --", "CommitMsg": "[click](http://evil.example.com) <b> {{end}} \u{0}",
        "Author": {"Name": ["nested"]}, "ChangedFiles": [7, "a.rs", {}], "Commits": 7, "FileCount": null, "Unknown": "x",
    });
    let data = json!({"target_id": target, "test_data": hostile});
    let answer = app.post(&of_template(template), &data).await.expect(200);
    assert_eq!(answer.data()["status"], "success", "{}", answer.text);
    let sent = robot.messages()[0]["markdown"].clone();
    let title = sent["title"].as_str().expect("a title");
    assert!(
        title.starts_with("{{.Author}} {{template \"x\"}}"),
        "{title}"
    );
    let text = sent["text"].as_str().expect("a text");
    assert!(
        text.contains("{{end}}") && !text.contains("[click]("),
        "{text}"
    );
    assert!(
        !text.contains("<b>") && !text.contains("javascript:"),
        "{text}"
    );
    let push = app.push_detail(push_id(&answer)).await;
    assert_eq!(push["commit"]["id"], "'; DROP TABLE pushes; --");
    assert_eq!(push["commit"]["changed_files"], json!(["a.rs"]));
    // What the template cannot do with it is said beforehand.
    let data = json!({"target_id": target, "test_data": {"ChangedFiles": "no list"}});
    let refused = app.post(&of_template(template), &data).await.expect(422);
    refused.names("content");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_test_waits_for_its_turn_like_any_message() {
    let robot = DingTalk::start().await;
    robot.then(DingTalk::throttled(600));
    let mut app = TestApp::start(Backend::Sqlite).await;
    let target = app.target(Robot::at(&robot).target("team")).await;
    let throttled = app.post(&of_target(target), &json!({})).await.expect(200);
    assert_eq!(throttled.data()["status"], "failed", "{}", throttled.text);
    let waiting = app.post(&of_target(target), &json!({})).await.expect(200);
    assert_eq!(waiting.json["message"], "The test message waits to be sent");
    assert_eq!(waiting.data()["status"], "pending");
    assert_eq!(robot.count(), 1);
    app.advance(Duration::from_secs(601));
    app.push_in_state(push_id(&waiting), "delivered").await;
    app.stop().await;
}

fn of_target(id: i64) -> String {
    format!("/api/v1/targets/{id}/test")
}

fn of_template(id: i64) -> String {
    format!("/api/v1/templates/{id}/test")
}

fn template(kind: &str) -> Value {
    json!({
        "name": "mine", "type": kind, "scene": "commit_notify", "title": "{{.RepoName}} by {{.Author}}",
        "content": "{{.CommitMsg}} {{.RepoUrl}} {{.Url}}\n{{range .ChangedFiles}}- {{.}}\n{{end}}",
    })
}

fn push_id(answer: &Answer) -> i64 {
    answer.data()["push_id"].as_i64().expect("a push")
}

fn error(answer: &Answer) -> &str {
    answer.data()["error"].as_str().unwrap_or_default()
}
