//! What is parked is judged as if it had been read when it came; and what is too large is read in
//! part.

use push_notify_tests::{
    Backend, Delivery, DingTalk, Payload, Proof, Repo, Robot, TestApp, both, guest, signature,
    until,
};
use serde_json::{Value, json};

both!(
    a_parked_delivery_is_judged_by_when_it_came,
    a_parked_delivery_is_judged_by_the_settings_of_then,
    a_delivery_that_is_too_large_is_shortened_and_says_so,
);

async fn parked(app: &TestApp) -> i64 {
    let events = app.get("/api/v1/events?state=parked&size=1").await;
    let events = events.expect(200);
    let total = events.data()["pagination"]["total"].as_i64();
    total.expect("a number")
}

async fn state(app: &TestApp, event_id: i64) -> Value {
    let event = app.get(&format!("/api/v1/events/{event_id}")).await;
    let event = event.expect(200);
    let data = event.data();
    json!([data["state"], data["reason"]])
}

/// Delivers in the given way, as if it had been so many days ago.
async fn deliver_then(app: &TestApp, repo: &Repo, proof: Proof, days: i64) -> i64 {
    const DAY_MS: i64 = 86_400_000;
    let then_ms = app.server.app().clock.now_us() / 1000 - days * DAY_MS;
    let payload = Payload::fixture(proof.host(), "push.branch");
    let api = app.anonymous();
    let request = api.request(reqwest::Method::POST, &repo.path);
    let id = hex::encode(rand::random::<[u8; 8]>());
    let request = payload.onto(request, proof, Some(&repo.secret), &id, then_ms);
    let answer = api.unrecorded().send(request).await.expect(202);
    let event_id = answer.data()["event_id"].as_i64().expect("an event");
    sqlx::query("UPDATE events SET received_at = $1, retry_at = $1 WHERE id = $2")
        .bind(then_ms * 1000)
        .bind(event_id)
        .execute(app.server.app().db.write())
        .await
        .expect("it is older now");
    event_id
}

/// One for each way of each host.
async fn repos(app: &mut TestApp) -> Vec<(Proof, Repo)> {
    let mut repos = Vec::new();
    for proof in Proof::ALL {
        let name = format!("{proof:?}").to_lowercase();
        repos.push((proof, repo_of(app, &name, proof).await));
    }
    repos
}

async fn repo_of(app: &mut TestApp, name: &str, proof: Proof) -> Repo {
    let fields = json!({
        "type": proof.host(), "url": format!("https://{}.example.com/company/{name}", proof.host()),
        "webhook_secret": proof.secret(), "config": proof.config(),
    });
    let repo = app.repo_with(name, fields).await;
    Repo {
        secret: proof.secret(),
        ..repo
    }
}

async fn a_parked_delivery_is_judged_by_when_it_came(on: Backend) {
    let mut app = TestApp::start(on).await;
    let repos = repos(&mut app).await;
    switch_all(&app, &HOSTS).await;
    let mut parked_ids = Vec::new();
    for (proof, repo) in repos {
        parked_ids.push((proof, deliver_then(&app, &repo, proof, 40).await));
    }
    switch_all(&app, &[]).await;
    until("nothing to be parked", async || {
        (parked(&app).await == 0).then_some(())
    })
    .await;
    for (proof, id) in parked_ids {
        let state = state(&app, id).await;
        assert_eq!(state, json!(["replayed", null]), "{proof:?}");
    }
    app.stop().await;
}

async fn a_parked_delivery_is_judged_by_the_settings_of_then(on: Backend) {
    let mut app = TestApp::start(on).await;
    let repos = repos(&mut app).await;
    switch_all(&app, &HOSTS).await;
    let mut parked_ids = Vec::new();
    for (proof, repo) in repos {
        let id = deliver_then(&app, &repo, proof, 3).await;
        let forged = Repo {
            secret: "a-guess-that-is-not-the-secret-at-all".to_owned(),
            ..repo.clone()
        };
        // A signing token has a form of its own.
        let forged = match proof {
            Proof::GitlabSigningToken => None,
            _ => Some(deliver_then(&app, &forged, proof, 3).await),
        };
        let changed = json!({"webhook_secret": proof.wrong_secret()});
        app.unrecorded()
            .put(&format!("/api/v1/repos/{}", repo.id), &changed)
            .await
            .expect(200);
        parked_ids.push((proof, id, forged));
    }
    switch_all(&app, &[]).await;
    until("nothing to be parked", async || {
        (parked(&app).await == 0).then_some(())
    })
    .await;
    for (proof, id, forged) in parked_ids {
        let sound = state(&app, id).await;
        assert_eq!(sound, json!(["replayed", null]), "{proof:?}");
        if let Some(forged) = forged {
            assert_eq!(state(&app, forged).await[0], "discarded", "{proof:?}");
        }
    }
    app.stop().await;
}

const HOSTS: [&str; 4] = ["github", "gitlab", "gitee", "gitea"];

/// These hosts' plugins are off, the others on.
async fn switch_all(app: &TestApp, off: &[&str]) {
    let mut config = app.config.clone();
    for host in off {
        let switch = config.plugins.each.get_mut(*host);
        switch.expect("it is in the defaults").enabled = false;
    }
    app.server.reload(&config).await.expect("it reloads");
}

/// Of a plugin that does not shorten it itself.
async fn a_delivery_that_is_too_large_is_shortened_and_says_so(on: Backend) {
    let robot = DingTalk::start().await;
    let mut app = TestApp::on(on)
        .plugin("trapper", &guest("trapper"), &[])
        .start()
        .await;
    let fields = json!({"type": "trapper", "url": "https://git.example.com/x/y"});
    let repo = app.repo_with("backend", fields).await;
    app.target(Robot::at(&robot).target("team")).await;
    let long = format!("x/y {}", "b".repeat(100_000));
    for (body, missing, total) in [
        ("x/y main", None, None),
        (
            "x/y endless",
            Some("shortened: 34944 commits left out"),
            Some(80_000),
        ),
        (long.as_str(), Some("shortened: 2 texts cut"), None),
    ] {
        let delivery = Delivery::raw("push", body);
        let signature = signature(&repo.secret, delivery.body());
        let delivery = delivery.header("x-test-signature", &signature);
        let answer = app.deliver(&repo, delivery).await.expect(200);
        assert_eq!(answer.data()["status"], "processing");
        let event = app
            .get(&format!("/api/v1/events/{}", answer.data()["event_id"]))
            .await
            .expect(200);
        let event = event.data();
        assert_eq!(event["state"], "accepted");
        assert_eq!(event["reason"], json!(missing));
        assert_eq!(event["total_commits"], json!(total));
    }
    robot.wait_for(3).await;
    app.stop().await;
}
