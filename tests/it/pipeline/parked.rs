//! A plugin that is out of order costs nobody a message: what needs it waits, and is taken up when
//! it works again.

use push_notify_tests::{
    Backend, Delivery, DingTalk, Repo, Robot, TestApp, both, guest, manifest_of, push_body,
    replace_manifest, signature, until,
};
use serde_json::{Value, json};

both!(
    deliveries_to_a_trapping_parser_are_parked_and_authenticated_when_it_works_again,
    one_parked_event_is_replayed_by_hand,
    pushes_of_a_plugin_that_is_switched_off_wait_for_it,
    all_parked_deliveries_are_taken_up_however_many_there_are,
    what_stays_parked_of_some_repositories_ends_nothing_for_the_others,
);

/// The trapping guest in the place of the official parser.
fn trapping_github() -> Vec<u8> {
    let wasm = guest("trapper");
    let mut manifest = manifest_of(&wasm);
    manifest.id = "github".to_owned();
    manifest.webhook.repository_url = vec!["/repository/html_url".to_owned()];
    replace_manifest(&wasm, &manifest)
}

/// A push that makes the guest trap and that is a good one to the official parser.
fn trapping_push(repo: &Repo, commit: &str) -> Delivery {
    let mut body = push_body(commit);
    body["commits"][0]["message"] = json!(format!("boom {commit}"));
    let delivery = Delivery::new("push", &body);
    let signature = signature(&repo.secret, delivery.body());
    delivery.header("x-test-signature", &signature)
}

/// Off or on again.
async fn switch(app: &TestApp, plugin: &str, enabled: bool) {
    let mut config = app.config.clone();
    let switch = config.plugins.each.get_mut(plugin);
    switch.expect("it is in the configuration").enabled = enabled;
    app.server.reload(&config).await.expect("it reloads");
}

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

async fn github_state(app: &TestApp) -> Value {
    let plugins = app.get("/api/v1/plugins").await.expect(200);
    let github = plugins
        .list()
        .iter()
        .find(|plugin| plugin["id"] == "github");
    github.expect("it is listed").clone()
}

async fn deliveries_to_a_trapping_parser_are_parked_and_authenticated_when_it_works_again(
    on: Backend,
) {
    const MOST: usize = 7;
    let robot = DingTalk::start().await;
    let builder = TestApp::on(on).config(|config| config.webhook.max_parked = MOST as u32);
    let plugin_dir = builder.plugin_dir();
    let mut app = builder
        .plugin("github", &trapping_github(), &[])
        .start()
        .await;
    let repo = app.repo("backend").await;
    app.target(Robot::at(&robot).target("team")).await;

    let mut parked = Vec::new();
    for index in 0..5 {
        let answer = app
            .deliver(&repo, trapping_push(&repo, &format!("commit{index}")))
            .await
            .expect(202);
        assert_eq!(answer.data()["status"], "parked");
        assert_eq!(answer.data()["push_ids"], json!([]));
        parked.push(answer.data()["event_id"].as_i64().expect("an event"));
    }
    // It is this repository's trouble, and nobody else's.
    assert_eq!(github_state(&app).await["state"], "active");
    let health = app.get("/api/v1/system/health").await.expect(200);
    assert_eq!(health.data()["status"], "degraded");
    assert_eq!(health.json["message"], "Degraded: something needs a look");
    let problems = health.data()["problems"].as_array().expect("problems");
    let codes: Vec<_> = problems.iter().map(|problem| &problem["code"]).collect();
    assert_eq!(codes, ["parked"]);
    app.anonymous().get("/readyz").await.expect(200);

    // Only who knows the secret id may take up room.
    let by_id = format!("/api/v1/webhooks/github/{}", repo.id);
    for path in [by_id.as_str(), "/api/v1/webhooks/github"] {
        let request = app.anonymous().request(reqwest::Method::POST, path);
        let delivery = trapping_push(&repo, "stranger");
        let refused = app.send(delivery.onto(request, &repo.secret)).await;
        assert!(refused.expect(503).header("retry-after").is_some());
    }
    // Nobody can tell now whether this one is authentic: it waits, too.
    let forged = trapping_push(&repo, "evil").signed_with("not-the-secret");
    let forged = app.deliver(&repo, forged).await.expect(202).data()["event_id"]
        .as_i64()
        .expect("an event");
    let again = app
        .deliver(&repo, trapping_push(&repo, "commit0"))
        .await
        .expect(202);
    assert_eq!(
        again.data()["event_id"],
        parked[0],
        "a redelivery takes no second place"
    );
    app.deliver(&repo, trapping_push(&repo, "last"))
        .await
        .expect(202);
    let refused = app
        .deliver(&repo, trapping_push(&repo, "one too many"))
        .await
        .expect(503);
    assert!(refused.header("retry-after").is_some());
    let events = app.get("/api/v1/events?state=parked").await.expect(200);
    assert_eq!(events.data()["pagination"]["total"], MOST);

    std::fs::remove_file(plugin_dir.join("github.wasm")).expect("it is there");
    app.server.reload(&app.config).await.expect("it reloads");
    robot.wait_for(6).await;
    let discarded = until("the forged one to be discarded", async || {
        let event = app
            .get(&format!("/api/v1/events/{forged}"))
            .await
            .expect(200)
            .data()
            .clone();
        (event["state"] == "discarded").then_some(event)
    })
    .await;
    assert!(
        discarded["reason"]
            .as_str()
            .is_some_and(|reason| reason.contains("authenticated")),
        "{discarded:#}"
    );
    for id in parked {
        let event = app
            .get(&format!("/api/v1/events/{id}"))
            .await
            .expect(200)
            .data()
            .clone();
        assert_eq!(event["state"], "replayed", "{event:#}");
        assert_eq!(event["kind"], "push");
    }
    assert_eq!(github_state(&app).await["state"], "active");
    until("health to say so", async || {
        let health = app.get("/api/v1/system/health").await.expect(200);
        (health.data()["status"] == "ok").then_some(())
    })
    .await;
    let messages = robot.messages();
    assert!(
        messages
            .iter()
            .all(|message| !message.to_string().contains("evil"))
    );
    app.assert_nothing_leaked();
    app.stop().await;
}

async fn one_parked_event_is_replayed_by_hand(on: Backend) {
    let robot = DingTalk::start().await;
    let builder = TestApp::on(on);
    let plugin_dir = builder.plugin_dir();
    let mut app = builder
        .plugin("github", &trapping_github(), &[])
        .start()
        .await;
    let repo = app.repo("backend").await;
    app.target(Robot::at(&robot).target("team")).await;
    let answer = app
        .deliver(&repo, trapping_push(&repo, "aaa"))
        .await
        .expect(202);
    let replay = format!("/api/v1/events/{}/replay", answer.data()["event_id"]);

    let still = app.post(&replay, &json!({})).await.expect(200);
    assert_eq!(still.data()["status"], "parked");
    assert!(still.data()["reason"].as_str().is_some());
    std::fs::remove_file(plugin_dir.join("github.wasm")).expect("it is there");
    app.server.reload(&app.config).await.expect("it reloads");
    robot.wait_for(1).await;
    app.post("/api/v1/events/999999/replay", &json!({}))
        .await
        .expect(404);
    app.stop().await;
}

async fn pushes_of_a_plugin_that_is_switched_off_wait_for_it(on: Backend) {
    let robot = DingTalk::start().await;
    let mut app = TestApp::start(on).await;
    let repo = app.repo("backend").await;
    app.target(Robot::at(&robot).target("team")).await;
    let mut off = app.config.clone();
    off.plugins
        .each
        .get_mut("dingtalk")
        .expect("it is in the defaults")
        .enabled = false;
    app.server.reload(&off).await.expect("it reloads");

    let ids = app.push(&repo, "aaa").await;
    let push = app.push_in_state(ids[0], "parked").await;
    assert_eq!(
        push["status"], "pending",
        "nothing is lost, so nothing has failed"
    );
    assert_eq!(robot.count(), 0);
    app.server.reload(&app.config).await.expect("it reloads");
    app.push_in_state(ids[0], "delivered").await;
    assert_eq!(robot.count(), 1);
    app.stop().await;
}

async fn all_parked_deliveries_are_taken_up_however_many_there_are(on: Backend) {
    // More than a pass looks up at a time. All but the first repeat it, which is found out when
    // each is taken up.
    const MANY: i64 = 1_100;
    let robot = DingTalk::start().await;
    let builder = TestApp::on(on);
    let plugin_dir = builder.plugin_dir();
    let mut app = builder
        .plugin("github", &trapping_github(), &[])
        .start()
        .await;
    let repo = app.repo("backend").await;
    app.target(Robot::at(&robot).target("team")).await;
    let delivery = trapping_push(&repo, "aaa");
    let answer = app.deliver(&repo, delivery).await.expect(202);
    sqlx::query(
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $2)
         INSERT INTO events (id, repo_id, uid, state, reason, delivery_key, headers, body, received_at, retry_at)
         SELECT 100000 + i, repo_id, uid, state, reason, delivery_key || CAST(i AS TEXT), headers, body, received_at, retry_at
         FROM n CROSS JOIN events WHERE events.id = $1",
    )
    .bind(answer.data()["event_id"].as_i64())
    .bind(MANY)
    .execute(app.server.app().db.write())
    .await
    .expect("parked events");
    let parked = async || {
        let events = app.get("/api/v1/events?state=parked").await.expect(200);
        events.data()["pagination"]["total"].clone()
    };
    assert_eq!(parked().await, MANY + 1);
    std::fs::remove_file(plugin_dir.join("github.wasm")).expect("it is there");
    app.server.reload(&app.config).await.expect("it reloads");
    until("nothing to be parked", async || {
        (parked().await == 0).then_some(())
    })
    .await;
    robot.wait_for(1).await;
    let replayed = app.get("/api/v1/events?state=replayed").await.expect(200);
    assert_eq!(replayed.data()["pagination"]["total"], 1);
    let repeated = app.get("/api/v1/events?state=discarded&size=1").await;
    let reason = repeated.list()[0]["reason"].as_str().expect("a reason");
    assert!(reason.starts_with("the same delivery as event"), "{reason}");
    app.stop().await;
}

/// A delivery to the guest, whose bodies are `REPOSITORY BRANCH`.
async fn deliver_to_guest(app: &TestApp, repo: &Repo, body: &str) -> i64 {
    let delivery = Delivery::raw("push", body);
    let signature = signature(&repo.secret, delivery.body());
    let delivery = delivery
        .header("x-test-signature", &signature)
        .header("x-test-delivery", &format!("{} {body}", repo.id));
    let answer = app.deliver(repo, delivery).await.expect(202);
    answer.data()["event_id"].as_i64().expect("an event")
}

async fn what_stays_parked_of_some_repositories_ends_nothing_for_the_others(on: Backend) {
    let mut app = TestApp::on(on)
        .plugin("trapper", &guest("trapper"), &[])
        .start()
        .await;
    let mut repos = Vec::new();
    for index in 0..12 {
        let fields =
            json!({"type": "trapper", "url": format!("https://git.example.com/x/{index}")});
        repos.push(app.repo_with(&format!("repo{index}"), fields).await);
    }
    switch(&app, "trapper", false).await;
    let (mut broken, mut sound) = (Vec::new(), Vec::new());
    for (index, repo) in repos.iter().enumerate() {
        // Three come first of all with what the parser breaks at, and again in between.
        if index < 3 {
            for place in ["first", "second"] {
                let body = format!("x/{index} boom-{place}");
                broken.push(deliver_to_guest(&app, repo, &body).await);
            }
        }
        for branch in ["one", "two", "three"] {
            sound.push(deliver_to_guest(&app, repo, &format!("x/{index} {branch}")).await);
        }
    }
    switch(&app, "trapper", true).await;
    // The three rest in the first pass, behind what broke; in a later one that comes last.
    until("the nine others to be taken up", async || {
        (parked(&app).await == 3 * 5).then_some(())
    })
    .await;
    // A pass ends for a repository with the first that breaks: there are two of them before the
    // others.
    until("all that can be read", async || {
        switch(&app, "trapper", true).await;
        (parked(&app).await == 3 * 2).then_some(())
    })
    .await;
    for id in sound {
        assert_eq!(state(&app, id).await, json!(["replayed", null]));
    }
    for id in broken {
        assert_eq!(state(&app, id).await[0], "parked");
    }
    app.stop().await;
}
