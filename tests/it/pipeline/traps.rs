//! What makes a plugin fail costs whoever brought it, and nobody else.

use push_notify::owner_alert;
use push_notify_tests::{
    Api, Backend, Delivery, Repo, Security, Smtp, TestApp, guest, push_body, replace_manifest,
    signature, until,
};
use serde_json::{Value, json};
use std::time::Duration;

/// The trapping guest in the place of the official parser.
fn trapping_github() -> Vec<u8> {
    let wasm = guest("trapper");
    let mut manifest = push_notify_tests::manifest_of(&wasm);
    manifest.id = "github".to_owned();
    replace_manifest(&wasm, &manifest)
}

fn push(repo: &Repo, commit: &str, branch: &str) -> Delivery {
    let mut body = push_body(commit);
    body["ref"] = json!(format!("refs/heads/{branch}"));
    let delivery = Delivery::new("push", &body);
    let signature = signature(&repo.secret, delivery.body());
    delivery.header("x-test-signature", &signature)
}

async fn state_of(app: &TestApp, plugin: &str) -> String {
    let plugins = app.get("/api/v1/plugins").await.expect(200);
    let found = plugins.list().iter().find(|found| found["id"] == plugin);
    let state = &found.expect("it is listed")["state"];
    state.as_str().expect("a state").to_owned()
}

/// A channel that traps, or not, as the target says.
fn target(name: &str, mode: &str) -> Value {
    json!({"name": name, "type": "misbehaving", "config": {"mode": mode}})
}

async fn channels(change: impl FnOnce(&mut push_notify_core::config::Config)) -> TestApp {
    TestApp::on(Backend::Sqlite)
        .config(change)
        .plugin("misbehaving", &guest("misbehaving"), &[])
        .start()
        .await
}

async fn health(api: &Api, target_id: i64) -> Value {
    let target = api.get(&format!("/api/v1/targets/{target_id}")).await;
    target.expect(200).data()["health"].clone()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_repository_whose_deliveries_trap_rests_and_its_neighbours_do_not() {
    let mut app = TestApp::on(Backend::Sqlite)
        .plugin("github", &trapping_github(), &[])
        .start()
        .await;
    let (bad, good) = (app.repo("bad").await, app.repo("good").await);
    for index in 0..10 {
        let commit = format!("{index}");
        let answer = app.deliver(&bad, push(&bad, &commit, "boom")).await;
        assert_eq!(answer.expect(202).data()["status"], "parked");
        app.deliver(&good, push(&good, &commit, "main"))
            .await
            .expect(200);
    }
    assert_eq!(state_of(&app, "github").await, "active");
    let traps = |plugins: &push_notify_tests::Answer| {
        let found = plugins.list().iter().find(|found| found["id"] == "github");
        found.expect("it is listed")["traps"].as_i64()
    };
    let plugins = app.get("/api/v1/plugins").await.expect(200);
    assert_eq!(traps(&plugins), Some(5), "the others were not tried");
    // What it sends meanwhile is kept, whatever it is.
    let answer = app.deliver(&bad, push(&bad, "sound", "main")).await;
    assert_eq!(answer.expect(202).data()["status"], "parked");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_parser_that_traps_for_everybody_is_closed_until_it_works_for_one() {
    let mut app = TestApp::on(Backend::Sqlite)
        .plugin("github", &trapping_github(), &[])
        .start()
        .await;
    let mut repos = Vec::new();
    for index in 0..3 {
        let repo = app.repo(&format!("repo{index}")).await;
        let delivery = push(&repo, "a", "boom");
        app.deliver(&repo, delivery).await.expect(202);
        repos.push(repo);
    }
    assert_eq!(state_of(&app, "github").await, "quarantined");
    let sound = push(&repos[0], "b", "main");
    app.deliver(&repos[0], sound).await.expect(202);

    let other = app.repo("other").await;
    app.deliver(&other, push(&other, "c", "main"))
        .await
        .expect(200);
    assert_eq!(state_of(&app, "github").await, "active");
    let sound = push(&repos[1], "d", "main");
    app.deliver(&repos[1], sound).await.expect(200);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_target_whose_messages_trap_rests_its_owner_sees_why_and_the_others_are_served() {
    let mut app = channels(|config| {
        config.delivery.breaker_after = 3;
        config.delivery.per_target = 1;
        config.delivery.breaker_base_ms = 60_000;
    })
    .await;
    let repo = app.repo("backend").await;
    let bad = app.target(target("bad", "panic")).await;
    let good = app.target(target("good", "ok")).await;
    let mut pushes = Vec::new();
    for index in 0..8 {
        pushes.extend(app.push(&repo, &format!("commit{index}")).await);
    }
    let rests = until("the target to rest", async || {
        let health = health(&app, bad).await;
        (health["state"] == "open").then_some(health)
    })
    .await;
    let error = rests["last_error"].as_str().expect("an error");
    assert!(error.contains("the plugin failed"), "{error}");
    for id in pushes {
        let push = app.push_detail(id).await;
        if push["target"]["id"] == good {
            app.push_in_state(id, "delivered").await;
        } else {
            assert_eq!(push["state"], "pending", "{push:#}");
        }
    }
    assert_eq!(state_of(&app, "misbehaving").await, "active");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_that_always_traps_ends_as_a_dead_letter_and_holds_up_no_other() {
    let mut app = channels(|config| {
        config.delivery.breaker_after = 2;
        config.delivery.max_attempts = 4;
        config.delivery.backoff_base_ms = 1;
        config.delivery.backoff_cap_ms = 1;
    })
    .await;
    let repo = app.repo("backend").await;
    let target_id = app.target(target("picky", "picky")).await;
    let mut body = push_body("aaa");
    body["ref"] = json!("refs/heads/poison");
    let delivery = Delivery::new("push", &body);
    let answer = app.deliver(&repo, delivery).await.expect(200);
    let poison = answer.data()["push_ids"][0].as_i64().expect("a push");
    for index in 0..5 {
        let sound = app.push(&repo, &format!("commit{index}")).await[0];
        app.push_in_state(sound, "delivered").await;
    }
    let ended = app.push_in_state(poison, "failed").await;
    let attempts = ended["attempts"].as_array().expect("a list");
    assert_eq!(attempts.len(), 4);
    for attempt in attempts {
        let detail = attempt["detail"].as_str().expect("a reason");
        assert!(detail.contains("it is poison"), "{detail}");
    }
    // One message says nothing of its target.
    assert_ne!(health(&app, target_id).await["state"], "open");
    assert_eq!(state_of(&app, "misbehaving").await, "active");
    let dead = app.get("/api/v1/dead-letters").await.expect(200);
    assert_eq!(dead.list()[0]["id"], poison, "it can be sent again");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pushes_that_wait_for_a_closed_channel_are_taken_up_and_waiting_is_no_attempt() {
    let mut app = channels(|config| config.delivery.breaker_after = 0).await;
    let repo = app.repo("backend").await;
    let mut bad = Vec::new();
    for index in 0..3 {
        let target_id = app.target(target(&format!("bad{index}"), "panic")).await;
        bad.push(target_id);
    }
    app.push(&repo, "aaa").await;
    until("the channel to be closed", async || {
        let state = state_of(&app, "misbehaving").await;
        (state == "quarantined").then_some(())
    })
    .await;
    for target_id in &bad {
        let fields = json!({"config": {"mode": "ok"}});
        let path = format!("/api/v1/targets/{target_id}");
        app.put(&path, &fields).await.expect(200);
    }
    // Those that failed are closed out at first.
    let mut parked = Vec::new();
    for id in app.push(&repo, "bbb").await {
        let push = until("a push to be parked or delivered", async || {
            let push = app.push_detail(id).await;
            (push["state"] != "pending").then_some(push)
        })
        .await;
        if push["state"] == "parked" {
            assert_eq!(
                push["attempts"].as_array().map(Vec::len),
                Some(0),
                "{push:#}"
            );
            parked.push(id);
        }
    }
    assert!(!parked.is_empty());
    let pipeline = app.server.pipeline();
    for _ in 0..20 {
        pipeline.unpark();
        tokio::time::sleep(Duration::from_millis(1_000)).await;
        if state_of(&app, "misbehaving").await == "active" {
            break;
        }
    }
    pipeline.unpark();
    for id in parked {
        let push = app.push_in_state(id, "delivered").await;
        assert_eq!(
            push["attempts"].as_array().map(Vec::len),
            Some(1),
            "{push:#}"
        );
    }
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whom_a_resting_repository_belongs_to_is_told_once() {
    let smtp = Smtp::start(Security::None).await;
    let mut app = TestApp::on(Backend::Sqlite)
        .config(|config| config.mail = smtp.as_own_mail())
        .plugin("github", &trapping_github(), &[])
        .start()
        .await;
    let (user_id, _) = app.user("lisi", "user").await;
    let repo = app.repo("backend").await;
    sqlx::query("UPDATE repos SET owner_id = $1")
        .bind(user_id)
        .execute(app.server.app().db.write())
        .await
        .expect("it is given away");
    for index in 0..8 {
        let delivery = push(&repo, &format!("{index}"), "boom");
        app.deliver(&repo, delivery).await.expect(202);
    }
    for _ in 0..3 {
        owner_alert::look(app.server.app()).await.expect("a look");
        smtp.wait_for(1).await;
        until("it to be recorded", async || {
            let told: Option<i64> = sqlx::query_scalar("SELECT told_at FROM repo_rests")
                .fetch_one(app.server.app().db.read())
                .await
                .expect("a row");
            told
        })
        .await;
    }
    let mails = smtp.mails();
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].to, ["lisi@example.com"]);
    let mail = mails[0].parse();
    let text = mail.body_text(0).expect("text");
    assert!(
        text.contains("backend") && text.contains("the body says boom"),
        "{text}"
    );
    app.stop().await;
}
