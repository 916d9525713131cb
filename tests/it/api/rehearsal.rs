//! `POST /api/v1/repos/{id}/test`.

use push_notify_manifest::{Manifest, Sample};
use push_notify_tests::{
    Backend, DingTalk, Email, Robot, Security, Smtp, TestApp, both, guest, official,
    replace_manifest,
};
use serde_json::{Value, json};

both!(
    a_rehearsal_goes_down_the_whole_road_and_sends_nothing,
    a_rehearsal_says_which_step_fails,
    a_rehearsal_says_what_the_host_would_be_answered,
    a_rehearsal_heeds_quiet_hours,
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
    let detail = |data: &Value| step(data, "accept")["detail"].to_string();
    assert!(detail(&data).contains("has no target"), "{data}");
    let path = format!("/api/v1/repos/{}/test", repo.id);
    let request = app.bare(reqwest::Method::POST, &path).json(&json!({}));
    let request = request.header("accept-language", "zh-CN");
    let chinese = app.send(request).await.expect(200);
    assert!(detail(chinese.data()).contains("没有推送目标"));
    assert_eq!(chinese.data()["response"]["message"], "Webhook测试成功");

    let quiet = json!({ "webhook_events": ["tag_push"] });
    app.put(&format!("/api/v1/repos/{}", repo.id), &quiet)
        .await
        .expect(200);
    let data = rehearse(&app, repo.id).await;
    assert!(detail(&data).contains("push"), "{data}");
    assert_eq!(
        data["response"],
        json!({"code": 200, "message": "Webhook ignored"})
    );

    app.post("/api/v1/repos/999999/test", &json!({}))
        .await
        .expect_code(404, 20004);
    app.stop().await;
}

/// The plugin in the place of the official parser, with a manifest that is a little different.
fn as_github(wasm: &[u8], change: impl FnOnce(&mut Manifest)) -> Vec<u8> {
    let mut manifest = push_notify_tests::manifest_of(wasm);
    manifest.id = "github".to_owned();
    change(&mut manifest);
    replace_manifest(wasm, &manifest)
}

async fn a_rehearsal_says_what_the_host_would_be_answered(on: Backend) {
    let saying = |body: &str| {
        let sample = Sample {
            headers: [("x-test-event", "push"), ("x-test-token", "{secret}")]
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .into(),
            body: body.to_owned(),
            signature: None,
        };
        as_github(&guest("trapper"), |manifest| {
            manifest.webhook.sample = Some(sample);
        })
    };
    let no_json = |manifest: &mut Manifest| {
        let sample = manifest.webhook.sample.as_mut().expect("a sample");
        sample.body = "none".to_owned();
    };
    let unsigned = |manifest: &mut Manifest| {
        let sample = manifest.webhook.sample.as_mut().expect("a sample");
        sample.signature = None;
    };
    for (wasm, failed, code) in [
        (
            as_github(&official("github"), unsigned),
            "receive",
            json!(401),
        ),
        (
            as_github(&official("github"), no_json),
            "receive",
            json!(400),
        ),
        (saying("boom"), "receive", json!(202)),
        (saying("{full_name} ignored"), "receive", json!(200)),
        // Nobody knows.
        (as_github(&guest("trapper"), |_| ()), "sample", Value::Null),
    ] {
        let mut app = TestApp::on(on).plugin("github", &wasm, &[]).start().await;
        let repo = app.repo("backend").await;
        let data = rehearse(&app, repo.id).await;
        assert_eq!(data["status"], "failed", "{data}");
        assert_eq!(step(&data, failed)["status"], "failed", "{data}");
        assert_eq!(step(&data, "accept")["status"], "skipped", "{data}");
        assert_eq!(data["response"]["code"], code, "{data}");
        let events = app.get("/api/v1/events").await.expect(200);
        assert_eq!(events.data()["pagination"]["total"], 0);
        app.stop().await;
    }
}

async fn a_rehearsal_heeds_quiet_hours(on: Backend) {
    let robot = DingTalk::start().await;
    let mut app = TestApp::start(on).await;
    let repo = app.repo("backend").await;
    let mut quiet = Robot::at(&robot).target("asleep");
    let hour = app.server.app().clock.now_us() / 3_600_000_000;
    let of_day = |hour: i64| format!("{:02}:00", hour % 24);
    quiet["quiet_hours"] =
        json!({"start": of_day(hour), "end": of_day(hour + 2), "timezone": "UTC"});
    app.target(quiet).await;
    app.target(Robot::at(&robot).target("awake")).await;
    let data = rehearse(&app, repo.id).await;
    assert_eq!(data["status"], "success", "{data}");
    let of = |name: &str| {
        let mut steps = data["steps"].as_array().unwrap().iter();
        let step = steps.find(|step| step["step"] == "channel" && step["target_name"] == name);
        step.unwrap().clone()
    };
    let (asleep, awake) = (of("asleep"), of("awake"));
    assert_eq!(asleep["waits_for"], "quiet_hours");
    let until = asleep["waits_until"].as_str().expect("a time");
    assert!(
        asleep["detail"].as_str().unwrap().contains(until),
        "{asleep}"
    );
    assert_eq!(awake["waits_for"], Value::Null);
    assert_eq!(awake["waits_until"], Value::Null);
    app.stop().await;
}
