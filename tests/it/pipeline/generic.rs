//! A source of no known kind, by a mapping: what it sends becomes an event and a message.

use push_notify_tests::{Answer, Backend, DingTalk, Repo, Robot, TestApp, both, signature};
use reqwest::Method;
use serde_json::{Value, json};

both!(
    a_signed_delivery_becomes_the_event_that_the_mapping_says,
    a_mapping_is_tried_before_it_is_stored,
    a_faulty_mapping_is_not_stored,
    whoever_sends_too_soon_is_told_to_come_back,
    a_source_that_is_no_git_host_has_the_url_of_its_server,
    a_rehearsal_tries_the_mapping,
);

fn mapping() -> Value {
    json!({
        "kind": "alert", "title": "/msg", "subject": "monitor:{{.Body.id}}", "severity": "high",
        "state": {"from": "/up", "map": {"false": "firing", "true": "resolved"}},
        "ignore": [{"when": "/msg", "is": "ping"}],
    })
}

fn fields(config: Value) -> Value {
    json!({
        "type": "generic", "url": "https://status.example.com/shop", "config": config,
    })
}

async fn signed(app: &TestApp, repo: &Repo, below: &str, body: &Value, secret: &str) -> Answer {
    let text = body.to_string();
    let path = format!("{}{below}", repo.path);
    let request = app.anonymous().request(Method::POST, &path);
    let sign = format!("sha256={}", signature(secret, text.as_bytes()));
    let request = request
        .header("content-type", "application/json")
        .header("x-shop-sign", sign);
    app.api.send(request.body(text)).await
}

async fn a_signed_delivery_becomes_the_event_that_the_mapping_says(on: Backend) {
    let robot = DingTalk::start().await;
    let mut app = TestApp::start(on).await;
    let config = json!({
        "proof": "hmac", "signature_header": "X-Shop-Sign", "signature_prefix": "sha256=",
        "mapping": mapping(),
    });
    let repo = app.repo_with("status", fields(config)).await;
    app.target(Robot::at(&robot).target("team")).await;

    for (below, up, state) in [
        ("", false, "firing"),
        ("/any/sub/path?from=x", true, "resolved"),
    ] {
        let body = json!({"id": 7, "msg": format!("the shop is {state}"), "up": up});
        let answer = signed(&app, &repo, below, &body, &repo.secret)
            .await
            .expect(200);
        let push = answer.data()["push_id"].as_i64().expect("a push");
        app.push_in_state(push, "delivered").await;
        let id = answer.data()["event_id"].as_i64().expect("an event");
        let event = app.get(&format!("/api/v1/events/{id}")).await.expect(200);
        let event = event.data();
        assert_eq!(event["provider"], "generic", "{event}");
        assert_eq!(event["kind"], "alert", "{event}");
    }
    let told = robot
        .messages()
        .iter()
        .map(Value::to_string)
        .collect::<String>();
    assert!(told.contains("the shop is firing"), "{told}");

    let ping = json!({"id": 7, "msg": "ping", "up": true});
    let ignored = signed(&app, &repo, "", &ping, &repo.secret)
        .await
        .expect(200);
    assert_eq!(ignored.data()["status"], "ignored", "{}", ignored.text);
    let odd = json!({"id": 7, "msg": "m", "up": "maybe"});
    let odd = signed(&app, &repo, "", &odd, &repo.secret)
        .await
        .expect(400);
    assert!(odd.text.contains("mapping.state"), "{}", odd.text);
    signed(&app, &repo, "", &ping, "another-secret-not-real")
        .await
        .expect(401);
    for below in ["", "/", "?a=b", "/any/sub/path"] {
        let about = app.anonymous().get(&format!("{}{below}", repo.path)).await;
        assert_eq!(about.expect(200).data()["method"], "POST");
    }
    assert_eq!(robot.count(), 2);
    app.assert_nothing_leaked();
    app.stop().await;
}

async fn a_mapping_is_tried_before_it_is_stored(on: Backend) {
    let app = TestApp::start(on).await;
    let path = "/api/v1/repos/mapping/preview";
    let tried = async |mapping: Value, body: &str| {
        let fields = json!({"type": "generic", "config": {"mapping": mapping}, "body": body});
        app.post(path, &fields).await
    };
    let made = tried(mapping(), r#"{"id":7,"msg":"it is down","up":false}"#)
        .await
        .expect(200);
    let event = &made.data()["events"][0];
    assert_eq!(event["title"], "it is down", "{}", made.text);
    assert_eq!(event["subject"], "monitor:7");
    let ignored = tried(mapping(), r#"{"msg":"ping"}"#).await.expect(200);
    assert_eq!(ignored.data()["events"], json!([]));
    assert!(ignored.data()["ignored"].is_string(), "{}", ignored.text);
    for (mapping, body, told) in [
        (mapping(), r#"{"msg":"m"}"#, "config.mapping.state"),
        (mapping(), "", "body is empty"),
        (json!({"title": "{{"}), "{}", "config.mapping.title"),
        (json!({"titel": "x"}), "{}", "config.mapping.titel"),
        (json!(7), "{}", "config.mapping"),
    ] {
        let refused = tried(mapping, body).await.expect(422);
        assert!(refused.text.contains(told), "{told}: {}", refused.text);
    }
    for kind in ["github", "unheard"] {
        let fields = json!({"type": kind, "config": {}, "body": "{}"});
        app.post(path, &fields).await.expect(422);
    }
    let presets = app
        .get("/api/v1/repos/mapping/presets?type=generic")
        .await
        .expect(200);
    for preset in presets.list() {
        let body = preset["sample"].as_str().expect("a sample");
        let by_name = tried(json!({"preset": preset["name"]}), body)
            .await
            .expect(200);
        let as_text = tried(preset["mapping"].clone(), body).await.expect(200);
        assert_eq!(by_name.data(), as_text.data());
        assert_eq!(by_name.data()["events"].as_array().map(Vec::len), Some(1));
    }
    assert_eq!(presets.list().len(), 5);
    let repos = app.get("/api/v1/repos").await.expect(200);
    assert_eq!(repos.data()["pagination"]["total"], 0);
    app.stop().await;
}

async fn a_faulty_mapping_is_not_stored(on: Backend) {
    let mut app = TestApp::start(on).await;
    let faulty = json!({"mapping": {"title": "{{.Body"}});
    let mut body = fields(faulty.clone());
    body["name"] = "status".into();
    let refused = app.post("/api/v1/repos", &body).await.expect(422);
    assert!(
        refused.text.contains("config.mapping.title"),
        "{}",
        refused.text
    );
    let repo = app
        .repo_with("status", fields(json!({"mapping": mapping()})))
        .await;
    let path = format!("/api/v1/repos/{}", repo.id);
    let refused = app.put(&path, &json!({"config": faulty})).await.expect(422);
    assert!(
        refused.text.contains("config.mapping.title"),
        "{}",
        refused.text
    );
    let kept = app.get(&path).await.expect(200);
    assert_eq!(kept.data()["config"]["mapping"], mapping());
    app.stop().await;
}

async fn whoever_sends_too_soon_is_told_to_come_back(on: Backend) {
    let mut app = TestApp::on(on)
        .config(|config| {
            config.rate_limit.enabled = true;
            config.rate_limit.webhook_per_minute = 2;
        })
        .start()
        .await;
    let repo = app
        .repo_with("status", fields(json!({"mapping": mapping()})))
        .await;
    let mut last = None;
    for _ in 0..20 {
        let body = json!({"msg": "ping"});
        last = Some(signed(&app, &repo, "", &body, "another-secret-not-real").await);
    }
    let last = last.expect("an answer");
    assert_eq!(last.status, 503, "{}", last.text);
    assert!(last.header("retry-after").is_some());
    app.stop().await;
}

async fn a_source_that_is_no_git_host_has_the_url_of_its_server(on: Backend) {
    let mut app = TestApp::start(on).await;
    let server = "https://status.example.com";
    let mut body = json!({"name": "status", "config": {"mapping": mapping()}});
    body["type"] = json!("generic");
    for wrong in [
        "status.example.com",
        "git@status.example.com:",
        "ssh://status.example.com",
        "https://",
    ] {
        body["url"] = json!(wrong);
        let refused = app.post("/api/v1/repos", &body).await;
        refused.names("url");
    }
    let mut fields = fields(json!({"mapping": mapping()}));
    fields["url"] = json!(server);
    let repo = app.repo_with("status", fields).await;
    for kind in ["alertmanager", "jenkins", "sentry", "harbor", "sonarqube"] {
        let fields = json!({"type": kind, "url": format!("https://{kind}.example.com:8443")});
        app.repo_with(kind, fields).await;
    }
    let of_git = json!({"name": "git", "type": "github", "url": server});
    app.post("/api/v1/repos", &of_git).await.names("url");
    let path = format!("/api/v1/repos/{}", repo.id);
    let moved = app
        .put(&path, &json!({"type": "github", "config": {}}))
        .await;
    moved.names("url");
    app.put(&path, &json!({"url": "https://new.example.com/"}))
        .await
        .expect(200);
    app.stop().await;
}

async fn a_rehearsal_tries_the_mapping(on: Backend) {
    let robot = DingTalk::start().await;
    let mut app = TestApp::start(on).await;
    let target = app.target(Robot::at(&robot).target("team")).await;
    for (mapping, step, told) in [
        (json!({"preset": "uptime-kuma"}), None, "alert"),
        (json!({"title": "/msg"}), None, "custom"),
        (json!({"title": "/not/there"}), Some("receive"), "title"),
    ] {
        let config = json!({"proof": "standard_webhooks", "mapping": mapping});
        let repo = app.repo_with("status", fields(config)).await;
        let path = format!("/api/v1/repos/{}", repo.id);
        let linked = json!({ "target_ids": [target] });
        app.post(&format!("{path}/targets"), &linked).await;
        let tried = app.post(&format!("{path}/test"), &json!({})).await;
        let tried = tried.expect(200);
        let steps = tried.data()["steps"].as_array().expect("steps");
        let failed = steps.iter().find(|step| step["status"] == "failed");
        let failed = failed.and_then(|step| step["step"].as_str());
        assert_eq!(failed, step, "{}", tried.text);
        let received = steps.iter().find(|step| step["step"] == "receive");
        let detail = received.expect("it")["detail"].as_str().expect("a text");
        assert!(detail.contains(told), "{}", tried.text);
        app.delete(&path).await.expect(200);
    }
    assert_eq!(robot.count(), 0);
    app.stop().await;
}
