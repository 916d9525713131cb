//! What a message looks like, and templates that do not work.

use push_notify_tests::{Backend, Delivery, DingTalk, Robot, TestApp, both, push_body};
use serde_json::{Value, json};

both!(a_template_that_fails_on_an_event_is_misconfigured_and_harms_no_other);

async fn a_template_that_fails_on_an_event_is_misconfigured_and_harms_no_other(on: Backend) {
    let robot = DingTalk::start().await;
    let mut app = TestApp::start(on).await;
    let cursed = app.repo("cursed").await;
    let blessed = app.repo("blessed").await;
    app.target(Robot::at(&robot).target("team")).await;
    let template = json!({
        "name": "conditional", "type": "dingtalk", "scene": "commit_notify", "is_default": true,
        "title": "{{.RepoName}}",
        "content": "{{if eq .RepoName \"cursed\"}}{{index .ChangedFiles 999}}{{end}}{{.RepoName}}: {{.CommitMsg}}",
    });
    let template = app
        .post("/api/v1/templates", &template)
        .await
        .expect(200)
        .id();

    let ids = app.push(&cursed, "aaa").await;
    let push = app.push_in_state(ids[0], "misconfigured").await;
    let reason = push["error_msg"].as_str().expect("a reason");
    assert!(reason.contains(&format!("template {template}")), "{reason}");
    let ids = app.push(&blessed, "bbb").await;
    let push = app.push_in_state(ids[0], "delivered").await;
    assert_eq!(push["template"]["id"], template);
    assert_eq!(push["content"]["title"], "blessed");
    assert_eq!(robot.count(), 1);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_committer_writes_is_text_and_no_markup() {
    let robot = DingTalk::start().await;
    let mut app = TestApp::start(Backend::Sqlite).await;
    let repo = app.repo("backend").await;
    app.target(Robot::at(&robot).target("team")).await;
    let hostile =
        "[click](http://evil.example.com) ![x](http://evil.example.com/p.png) {{.RepoUrl}} @all";
    let mut body = push_body("aaa");
    body["commits"][0]["message"] = json!(hostile);
    let answer = app
        .deliver(&repo, Delivery::new("push", &body))
        .await
        .expect(200);
    let id = answer.data()["push_id"].as_i64().expect("a push");
    app.push_in_state(id, "delivered").await;
    let text = robot.messages()[0]["markdown"]["text"]
        .as_str()
        .expect("a text")
        .to_owned();
    assert!(!text.contains("[click]("), "{text}");
    assert!(!text.contains("![x]("), "{text}");
    assert!(
        text.contains("{{.RepoUrl}}") || text.contains("\\{\\{.RepoUrl"),
        "it is not expanded: {text}"
    );
    assert_eq!(robot.messages()[0]["at"]["isAtAll"], false);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_too_long_for_dingtalk_is_cut_and_says_so() {
    let robot = DingTalk::start().await;
    let mut app = TestApp::start(Backend::Sqlite).await;
    let repo = app.repo("backend").await;
    app.target(Robot::at(&robot).target("team")).await;
    let template = json!({
        "name": "long", "type": "dingtalk", "scene": "commit_notify", "is_default": true,
        "title": "{{.RepoName}}", "content": format!("{{{{.CommitMsg}}}}\n\n{}", "很长的消息".repeat(2000)),
    });
    app.post("/api/v1/templates", &template).await.expect(200);
    let ids = app.push(&repo, "aaa").await;
    let push = app.push_in_state(ids[0], "delivered").await;
    let request = &robot.requests()[0];
    let size = request.body.len();
    assert!((19_000..=20_000).contains(&size), "{size} bytes");
    let text = request.json()["markdown"]["text"].to_string();
    assert!(text.contains("truncated"), "the reader sees it: {text}");
    let note = push["attempts"][0]["detail"].as_str();
    assert!(
        note.is_some_and(|note| note.contains("cut")),
        "the record says it: {push:#}"
    );
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_built_in_templates_are_there_for_every_channel_and_scene() {
    let app = TestApp::start(Backend::Sqlite).await;
    for channel in ["dingtalk", "email", "slack", "webhook", "pagerduty"] {
        let path = format!("/api/v1/templates?type={channel}&size=100");
        let templates = app.get(&path).await.expect(200);
        for scene in push_notify_template::SCENES {
            let is_it = |template: &&Value| template["scene"] == scene;
            let template = templates.list().iter().find(is_it);
            assert!(
                template.is_some_and(|template| template["is_default"] == true),
                "{channel} {scene}"
            );
        }
    }
    app.stop().await;
}
