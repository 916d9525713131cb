//! The field `digest` of `/api/v1/targets`, and the templates of that scene.

use push_notify_tests::{Backend, DingTalk, Robot, TestApp, both};
use serde_json::{Value, json};

both!(a_target_says_when_its_messages_are_merged);

async fn a_target_says_when_its_messages_are_merged(on: Backend) {
    let mut app = TestApp::start(on).await;
    let robot = DingTalk::start().await;
    let id = app.target(Robot::at(&robot).target("usual")).await;
    let path = format!("/api/v1/targets/{id}");
    let off = json!({"enabled": false, "min": 3, "max": 50});
    assert_eq!(app.get(&path).await.expect(200).data()["digest"], off);

    let mut body = Robot::at(&robot).target("merging");
    body["digest"] = json!({"enabled": true, "min": 5});
    let id = app.target(body).await;
    let path = format!("/api/v1/targets/{id}");
    let on = json!({"enabled": true, "min": 5, "max": 50});
    assert_eq!(app.get(&path).await.expect(200).data()["digest"], on);
    for (change, digest) in [
        (json!({"name": "renamed"}), on),
        (
            json!({"digest": {"max": 20}}),
            json!({"enabled": true, "min": 5, "max": 20}),
        ),
        (json!({"digest": null}), off),
    ] {
        let changed = app.put(&path, &change).await.expect(200);
        assert_eq!(changed.data()["digest"], digest, "{change}");
    }
    for (digest, field) in [
        (json!({"min": 60}), "digest.min"),
        (json!({"max": 1000}), "digest.max"),
        (json!({"often": true}), "digest.often"),
    ] {
        let refused = app.put(&path, &json!({"digest": digest})).await;
        refused.expect(422).names(field);
    }
    app.put(&path, &json!({"digest": {"enabled": "yes"}}))
        .await
        .expect(400)
        .names("digest.enabled");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_digest_template_is_checked_previewed_and_tried_with_a_digest() {
    let mut app = TestApp::start(Backend::Sqlite).await;
    let robot = DingTalk::start().await;
    let target = app.target(Robot::at(&robot).target("team")).await;
    let template = |content: &str| {
        json!({
            "name": "many", "type": "dingtalk", "scene": "digest", "title": "{{.Count}} messages", "content": content,
        })
    };
    let broken = template("{{range .Notifications}}{{gt .Title 3}}{{end}}");
    let refused = app.post("/api/v1/templates", &broken).await;
    refused.expect(422).names("content");
    let sound = template("{{range .Notifications}}- {{.RepoName}}: {{.Title}}\n{{end}}");
    let id = app.post("/api/v1/templates", &sound).await.expect(200).id();
    let listed = json!([{"RepoName": "backend", "Title": "one [x]"}]);
    let preview = json!({"template_id": id, "data": {"Notifications": listed}});
    let preview = app
        .post("/api/v1/templates/preview", &preview)
        .await
        .expect(200);
    assert_eq!(preview.data()["title"], "1 messages");
    assert_eq!(preview.data()["body"], "- backend: one \\[x\\]\n");

    let path = format!("/api/v1/templates/{id}/test");
    let tried = app
        .post(&path, &json!({"target_id": target, "test_data": {}}))
        .await;
    assert_eq!(tried.expect(200).data()["status"], "success");
    let text = robot.messages()[0]["markdown"]["text"].to_string();
    assert!(text.contains("backend-service"), "{text}");
    let list = app
        .get("/api/v1/templates?scene=digest&size=100")
        .await
        .expect(200);
    let built_in = |kind: &str| {
        let is_it = |entry: &&Value| entry["type"] == kind && entry["is_default"] == true;
        list.list().iter().any(|entry| is_it(&entry))
    };
    assert!(built_in("dingtalk") && built_in("email"));
    app.stop().await;
}
