//! An event that was accepted is replayed from its stored delivery.

use push_notify::event::codec;
use push_notify_tests::{
    Backend, Delivery, DingTalk, Payload, Proof, Robot, TestApp, both, guest, push_body,
};
use serde_json::{Value, json};

both!(
    a_dry_run_shows_what_would_be_different_and_changes_nothing,
    a_replayed_event_is_sent_as_it_is_read_now_and_its_record_stays,
    what_cannot_be_replayed_says_why,
);

fn path(event_id: i64) -> String {
    format!("/api/v1/events/{event_id}/replay")
}

async fn difference(app: &TestApp, event_id: i64) -> Value {
    let answer = app.post(&path(event_id), &json!({"dry_run": true})).await;
    let answer = answer.expect(200);
    assert_eq!(answer.data()["status"], "dry_run");
    assert_eq!(answer.data()["push_ids"], json!([]));
    answer.data()["difference"].clone()
}

async fn event_of(app: &TestApp, push_id: i64) -> i64 {
    let push = app.push_in_state(push_id, "delivered").await;
    push["event_id"].as_i64().expect("an event")
}

/// As if an older plugin had read it.
async fn rewrite(app: &TestApp, event_id: i64, change: impl FnOnce(&mut Value)) {
    let pool = app.server.app().db.write().clone();
    let packed: Vec<u8> = sqlx::query_scalar("SELECT event FROM events WHERE id = $1")
        .bind(event_id)
        .fetch_one(&pool)
        .await
        .expect("an event");
    let text = codec::unpack(&packed, codec::MOST_BYTES).expect("a block");
    let mut event = serde_json::from_slice(&text).expect("JSON");
    change(&mut event);
    sqlx::query("UPDATE events SET event = $1 WHERE id = $2")
        .bind(codec::pack(event.to_string().as_bytes()))
        .bind(event_id)
        .execute(&pool)
        .await
        .expect("it is written");
}

async fn template(app: &TestApp, content: &str) {
    let template = json!({
        "name": content.lines().next(), "type": "dingtalk", "scene": "commit_notify", "is_default": true,
        "title": "{{.RepoName}}", "content": content,
    });
    app.post("/api/v1/templates", &template).await.expect(200);
}

async fn a_dry_run_shows_what_would_be_different_and_changes_nothing(on: Backend) {
    let robot = DingTalk::start().await;
    let mut app = TestApp::start(on).await;
    let repo = app.repo("backend").await;
    let target = app.target(Robot::at(&robot).target("team")).await;
    template(&app, "first {{.Branch}}\nby {{.Author}}").await;
    let push = app.push(&repo, "aaa").await[0];
    let event = event_of(&app, push).await;
    let same = difference(&app, event).await;
    assert_eq!(same["changed"], false, "{same:#}");
    assert_eq!(same["event"], json!({"fields": [], "total": 0}));
    assert_eq!(same["review"]["wanted"], false);
    assert_eq!(same["messages"][0]["push_id"], push);
    assert_eq!(same["messages"][0]["diff"], "");
    assert_eq!(same["messages"][0]["before"], same["messages"][0]["after"]);

    rewrite(&app, event, |event| event["branch"] = json!("old")).await;
    template(&app, "second {{.Branch}}\nby {{.Author}}").await;
    let late = app.target(Robot::at(&robot).target("late")).await;
    let changed = difference(&app, event).await;
    assert_eq!(changed["changed"], true);
    assert_eq!(
        changed["event"]["fields"],
        json!([{"path": "branch", "before": "old", "after": "main"}])
    );
    let messages = changed["messages"].as_array().expect("messages");
    assert_eq!(messages[0]["target_id"], target);
    let diff = messages[0]["diff"].as_str().expect("a diff");
    assert!(diff.contains("-first main\n+second main\n by"), "{diff}");
    assert_eq!(messages[1]["target_id"], late);
    assert!(messages[1]["before"].is_null() && messages[1]["push_id"].is_null());
    assert_eq!(messages[1]["after"]["body"], "second main\nby 张三");

    app.delete(&format!("/api/v1/targets/{target}"))
        .await
        .expect(200);
    let gone = difference(&app, event).await;
    assert!(gone["messages"][0]["after"].is_null());
    assert_eq!(
        gone["messages"][0]["problem"],
        "this target no longer gets what the repository sends"
    );
    assert_eq!(robot.count(), 1);
    let pushes = app.get("/api/v1/pushes").await.expect(200);
    assert_eq!(pushes.data()["pagination"]["total"], 1);
    let replays = app.get("/api/v1/replays").await.expect(200);
    assert_eq!(replays.data()["pagination"]["total"], 0);
    app.assert_nothing_leaked();
    app.stop().await;
}

async fn a_replayed_event_is_sent_as_it_is_read_now_and_its_record_stays(on: Backend) {
    let (robot, other) = (DingTalk::start().await, DingTalk::start().await);
    let mut app = TestApp::start(on).await;
    let repo = app.repo("backend").await;
    let target = app.target(Robot::at(&robot).target("team")).await;
    template(&app, "{{.Branch}}").await;
    let first = app.push(&repo, "aaa").await[0];
    let event = event_of(&app, first).await;
    rewrite(&app, event, |event| event["branch"] = json!("old")).await;
    // The stored delivery was signed with another secret.
    let secret = "another-webhook-secret-not-real";
    app.secrets.push(secret.to_owned());
    app.put(
        &format!("/api/v1/repos/{}", repo.id),
        &json!({"webhook_secret": secret}),
    )
    .await
    .expect(200);
    app.target(Robot::at(&other).target("others")).await;

    let wanted = json!({"target_ids": [target]});
    let answer = app.post(&path(event), &wanted).await.expect(200);
    assert_eq!(answer.data()["status"], "processing");
    let ids = answer.data()["push_ids"].as_array().expect("ids");
    assert_eq!(ids.len(), 1);
    let push = app
        .push_in_state(ids[0].as_i64().expect("an id"), "delivered")
        .await;
    assert_eq!(push["content"]["body"], "main");
    assert_eq!(push["commit"]["branch"], "main");
    assert_eq!(
        (&push["retry_of"], &push["event_id"]),
        (&json!(first), &json!(event))
    );
    assert_eq!(push["replay_id"], answer.data()["replay_id"]);
    assert_eq!((robot.count(), other.count()), (2, 0));

    let shown = app
        .get(&format!("/api/v1/events/{event}"))
        .await
        .expect(200);
    assert_eq!(shown.data()["branch"], "old");
    assert_eq!(shown.data()["state"], "accepted");
    assert_eq!(shown.data()["replay_ids"], json!([push["replay_id"]]));
    assert_eq!(app.push_detail(first).await["commit"]["branch"], "old");
    let replay = app
        .get(&format!("/api/v1/replays/{}", push["replay_id"]))
        .await;
    let replay = replay.expect(200).data().clone();
    assert_eq!(
        (&replay["kind"], &replay["state"]),
        (&json!("event"), &json!("completed"))
    );
    assert_eq!(replay["event_id"], event);
    assert_eq!(replay["pushes"]["success"], 1);
    let of_event = app.get(&format!("/api/v1/replays?event_id={event}")).await;
    assert_eq!(of_event.list().len(), 1);
    let log = app.get("/api/v1/logs/operations?action=event.replay").await;
    assert_eq!(log.list().len(), 1);

    // Without a body: to all of them.
    let request = app.request(reqwest::Method::POST, &path(event));
    let answer = app.send(request).await.expect(200);
    assert_eq!(answer.data()["push_ids"].as_array().map(Vec::len), Some(2));
    other.wait_for(1).await;
    app.assert_nothing_leaked();
    app.stop().await;
}

async fn what_cannot_be_replayed_says_why(on: Backend) {
    let robot = DingTalk::start().await;
    let mut app = TestApp::start(on).await;
    let repo = app.repo("backend").await;
    app.target(Robot::at(&robot).target("team")).await;
    robot.then(push_notify_tests::Response::new(429, "").header("retry-after", "600"));
    let push = app.push(&repo, "aaa").await[0];
    let waiting = app.push_after(push, 1).await;
    let event = waiting["event_id"].as_i64().expect("an event");
    let post = async |body: Value| app.post(&path(event), &body).await;
    post(json!({})).await.expect(409);
    app.advance(std::time::Duration::from_secs(601));
    app.push_in_state(push, "delivered").await;

    for (body, status, field) in [
        (json!({"target_ids": []}), 422, "target_ids"),
        (json!({"target_ids": [999_999]}), 422, "target_ids"),
        (json!({"target_ids": ["x"]}), 400, "target_ids"),
        (
            json!({"target_ids": [999_999], "dry_run": true}),
            422,
            "target_ids",
        ),
        (json!({"review": true}), 422, "review"),
        (json!({"review": true, "dry_run": true}), 422, "review"),
        (json!({"dry_run": 1}), 400, "dry_run"),
    ] {
        post(body).await.expect(status).names(field);
    }
    for (id, status) in [("999999", 404), ("0", 400), ("x", 400)] {
        for body in [json!({}), json!({"dry_run": true})] {
            let path = format!("/api/v1/events/{id}/replay");
            app.post(&path, &body).await.expect(status);
        }
    }
    let repo_path = format!("/api/v1/repos/{}", repo.id);
    let only_tags = json!({"webhook_events": ["tag_push"]});
    app.put(&repo_path, &only_tags).await.expect(200);
    let refused = post(json!({})).await.expect(409);
    assert!(
        refused.text.contains("does not take push events"),
        "{}",
        refused.text
    );
    let pool = app.server.app().db.write().clone();
    sqlx::query("UPDATE events SET state = 'discarded' WHERE id = $1")
        .bind(event)
        .execute(&pool)
        .await
        .expect("it is written");
    post(json!({})).await.expect(409);
    post(json!({"dry_run": true})).await.expect(409);
    app.delete(&repo_path).await.expect(200);
    sqlx::query("UPDATE events SET state = 'accepted' WHERE id = $1")
        .bind(event)
        .execute(&pool)
        .await
        .expect("it is written");
    post(json!({})).await.expect(409);
    assert_eq!(robot.count(), 2);
    app.stop().await;
}

/// What proved a delivery is not kept whole: the plugin of each host takes it nevertheless, however
/// it was proved.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_any_host_has_sent_can_be_read_again() {
    let mut app = TestApp::start(Backend::Sqlite).await;
    for proof in Proof::ALL {
        let secret = proof.secret();
        app.secrets.push(secret.clone());
        let fields = json!({
            "type": proof.host(), "webhook_secret": secret, "config": proof.config(),
            "url": "https://git.example.com/company/backend-service",
        });
        let repo = app.repo_with(&format!("{proof:?}"), fields).await;
        let payload = Payload::fixture(proof.host(), "push.branch");
        let now_ms = app.server.app().clock.now_ms();
        let request = app.anonymous().request(reqwest::Method::POST, &repo.path);
        let request = payload.onto(request, proof, Some(&secret), "d-1", now_ms);
        let answer = app.send(request).await.expect(200);
        let event = answer.data()["event_id"].as_i64().expect("an event");
        let difference = difference(&app, event).await;
        assert_eq!(difference["event"]["total"], 0, "{proof:?}: {difference:#}");
    }
    app.assert_nothing_leaked();
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dry_run_of_a_parked_event_says_when_its_plugin_is_out_of_order() {
    let robot = DingTalk::start().await;
    let builder = TestApp::on(Backend::Sqlite);
    let plugin_dir = builder.plugin_dir();
    let wasm = guest("trapper");
    let mut manifest = push_notify_tests::manifest_of(&wasm);
    manifest.id = "github".to_owned();
    let wasm = push_notify_tests::replace_manifest(&wasm, &manifest);
    let mut app = builder.plugin("github", &wasm, &[]).start().await;
    let repo = app.repo("backend").await;
    app.target(Robot::at(&robot).target("team")).await;
    let mut body = push_body("aaa");
    body["commits"][0]["message"] = json!("boom");
    let delivery = Delivery::new("push", &body);
    let signature = push_notify_tests::signature(&repo.secret, delivery.body());
    let delivery = delivery.header("x-test-signature", &signature);
    let answer = app.deliver(&repo, delivery).await.expect(202);
    let event = answer.data()["event_id"].as_i64().expect("an event");
    app.post(&path(event), &json!({"dry_run": true}))
        .await
        .expect(503);
    std::fs::remove_file(plugin_dir.join("github.wasm")).expect("it is there");
    app.server.reload(&app.config).await.expect("it reloads");
    robot.wait_for(1).await;
    let difference = difference(&app, event).await;
    assert_eq!(difference["event"]["total"], 0);
    app.stop().await;
}
