//! `POST /api/v1/repos/{id}/test`.

use push_notify_tests::{Backend, DingTalk, Email, Robot, Security, Smtp, TestApp, both};
use serde_json::{Value, json};

both!(
    a_rehearsal_goes_down_the_whole_road_and_sends_nothing,
    a_rehearsal_says_which_step_fails,
);

async fn rehearse(app: &TestApp, repo_id: i64) -> Value {
    let path = format!("/api/v1/repos/{repo_id}/test");
    let answer = app.post(&path, &json!({})).await.expect(200);
    answer.data().clone()
}

fn step<'a>(data: &'a Value, name: &str) -> &'a Value {
    let steps = data["steps"].as_array().unwrap();
    steps.iter().find(|step| step["step"] == name).unwrap()
}

async fn a_rehearsal_goes_down_the_whole_road_and_sends_nothing(on: Backend) {
    let robot = DingTalk::start().await;
    let smtp = Smtp::start(Security::None).await;
    let mut app = TestApp::start(on).await;
    let repo = app.repo("backend").await;
    app.target(Robot::at(&robot).target("team")).await;
    app.target(Email::through(&smtp).target("mail")).await;
    let data = rehearse(&app, repo.id).await;
    assert_eq!(data["status"], "success", "{data}");
    assert_eq!(data["response"]["code"], 200);
    assert_eq!(step(&data, "receive")["detail"], "push");
    let channels = data["steps"].as_array().unwrap().iter();
    let channels: Vec<&str> = channels
        .filter(|step| step["step"] == "channel")
        .filter_map(|step| step["target_name"].as_str())
        .collect();
    assert_eq!(channels, ["team", "mail"]);
    assert_eq!(robot.count(), 0);
    let events = app.get("/api/v1/events").await.expect(200);
    assert_eq!(events.data()["pagination"]["total"], 0);
    let pushes = app.get("/api/v1/pushes").await.expect(200);
    assert_eq!(pushes.data()["pagination"]["total"], 0);
    assert!(!data.to_string().contains(&repo.secret));
    app.stop().await;
}

async fn a_rehearsal_says_which_step_fails(on: Backend) {
    let mut app = TestApp::start(on).await;
    let repo = app.repo("backend").await;
    let data = rehearse(&app, repo.id).await;
    assert_eq!(data["status"], "failed");
    assert_eq!(data["response"]["code"], 200);
    assert_eq!(step(&data, "accept")["status"], "failed");
    assert_eq!(step(&data, "channel")["status"], "skipped");

    let quiet = json!({ "webhook_events": ["tag_push"] });
    app.put(&format!("/api/v1/repos/{}", repo.id), &quiet)
        .await
        .expect(200);
    let data = rehearse(&app, repo.id).await;
    assert!(
        step(&data, "accept")["detail"]
            .as_str()
            .unwrap()
            .contains("push")
    );

    app.post("/api/v1/repos/999999/test", &json!({}))
        .await
        .expect_code(404, 20004);
    app.stop().await;
}
