//! Digests that do not arrive at once.

use super::world::{MINUTE, counted, merging, message_id, outcomes, rated, rated_with, with_rate};
use push_notify_tests::{
    Action, Api, Backend, Delivery, Email, Receiver, Response, Security, Site, Smtp, Stage,
    TestApp, both, example_channel, guest, official, until,
};
use serde_json::{Value, json};
use std::{
    collections::HashSet,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

both!(
    a_digest_that_fails_is_tried_again_as_the_same_message,
    a_digest_tries_whether_its_target_is_well_again,
    a_digest_that_is_refused_falls_apart,
    a_digest_that_is_refused_as_misconfigured_falls_apart,
    a_digest_that_failed_for_the_last_time_falls_apart,
    a_digest_that_breaks_its_plugin_falls_apart,
    who_has_a_digest_gets_it_no_second_time_when_it_goes_to_the_others,
    a_digest_under_way_at_a_kill_is_sent_again_as_the_same_message,
);

const BINARY: &str = env!("CARGO_BIN_EXE_push-notify-under-test");
const PASSWORD: &str = "Admin-not-real-1";
const SECRET: &str = "webhook-secret-not-real";

async fn a_digest_that_fails_is_tried_again_as_the_same_message(on: Backend) {
    let receiver = Receiver::start().await;
    let (app, repo) = rated(on, "3/min", &receiver).await;
    for index in 0..9 {
        app.push(&repo, &format!("commit{index}")).await;
    }
    counted(&app, "status=success", 3).await;
    receiver
        .then(Response::new(503, "out for lunch"))
        .then(Response::broken());
    app.advance(MINUTE);
    counted(&app, "status=success", 9).await;
    let ids: HashSet<String> = receiver.requests()[3..].iter().map(message_id).collect();
    assert_eq!((receiver.count(), ids.len()), (6, 1), "{ids:?}");
    let carried = app.get("/api/v1/pushes?size=100").await.expect(200);
    for push in carried
        .list()
        .iter()
        .filter(|push| !push["carried_by"].is_null())
    {
        let push = app.push_detail(push["id"].as_i64().expect("an id")).await;
        assert_eq!(outcomes(&push), ["retry", "retry", "delivered"]);
    }
    app.stop().await;
}

/// Nothing else waits for the target: without the digest nobody would find out.
async fn a_digest_tries_whether_its_target_is_well_again(on: Backend) {
    let receiver = Receiver::start().await;
    let (app, repo) = rated(on, "100/min", &receiver).await;
    for index in 0..104 {
        app.push(&repo, &format!("commit{index}")).await;
    }
    counted(&app, "status=success", 100).await;
    for _ in 0..8 {
        receiver.then(Response::new(503, "out for lunch"));
    }
    app.advance(MINUTE);
    counted(&app, "status=success", 104).await;
    let ids: HashSet<String> = receiver.requests()[100..].iter().map(message_id).collect();
    assert_eq!((receiver.count(), ids.len()), (109, 1), "{ids:?}");
    let target = app.get("/api/v1/targets").await.expect(200).list()[0].clone();
    assert_eq!(target["health"]["state"], "healthy");
    assert!(
        target["health"]["last_success_at"].is_string(),
        "its breaker was open"
    );
    app.stop().await;
}

async fn a_digest_that_is_refused_falls_apart(on: Backend) {
    let receiver = Receiver::answering(|request| match request.json()["scene"] == "digest" {
        true => Response::new(413, "too much of it"),
        false => Response::json(200, &json!({})),
    })
    .await;
    let (app, repo) = rated(on, "8/min", &receiver).await;
    let mut last = Vec::new();
    for index in 0..13 {
        last = app.push(&repo, &format!("commit{index}")).await;
    }
    counted(&app, "status=success", 8).await;
    app.advance(MINUTE);
    counted(&app, "status=success", 13).await;
    assert_eq!(receiver.count(), 8 + 1 + 5);
    let push = app.push_detail(last[0]).await;
    assert_eq!(outcomes(&push), ["rejected", "delivered"]);
    assert_eq!(push["carried_by"], Value::Null);
    assert_eq!(push["template"]["name"], "hook commit_notify");
    let why = push["attempts"][0]["detail"].as_str().expect("a detail");
    assert!(why.contains("with 4 others: HTTP 413"), "{why}");
    app.stop().await;
}

/// The far side's answers that a channel takes for wrong settings.
async fn a_digest_that_is_refused_as_misconfigured_falls_apart(on: Backend) {
    for status in [300, 302, 307, 401, 403, 404, 405, 410] {
        let receiver =
            Receiver::answering(move |request| match request.json()["scene"] == "digest" {
                true => Response::new(status, "not like this"),
                false => Response::json(200, &json!({})),
            })
            .await;
        let (app, repo) = rated(on, "6/min", &receiver).await;
        let mut last = Vec::new();
        for index in 0..9 {
            last = app.push(&repo, &format!("commit{index}")).await;
        }
        counted(&app, "status=success", 6).await;
        app.advance(MINUTE);
        counted(&app, "status=success", 9).await;
        assert_eq!(receiver.count(), 6 + 1 + 3, "{status}");
        let push = app.push_detail(last[0]).await;
        assert_eq!(outcomes(&push), ["misconfigured", "delivered"], "{status}");
        app.stop().await;
    }
}

async fn a_digest_that_failed_for_the_last_time_falls_apart(on: Backend) {
    let receiver = Receiver::answering(|request| match request.json()["scene"] == "digest" {
        true => Response::new(503, "not so much"),
        false => Response::json(200, &json!({})),
    })
    .await;
    let (app, repo) = rated_with(on, "6/min", &receiver, |config| {
        config.delivery.max_attempts = 2;
        config.delivery.breaker_after = 0;
    })
    .await;
    let mut last = Vec::new();
    for index in 0..9 {
        last = app.push(&repo, &format!("commit{index}")).await;
    }
    counted(&app, "status=success", 6).await;
    app.advance(MINUTE);
    counted(&app, "status=success", 9).await;
    assert_eq!(receiver.count(), 6 + 2 + 3);
    let push = app.push_detail(last[0]).await;
    assert_eq!(outcomes(&push), ["retry", "retry", "delivered"]);
    assert_eq!(push["carried_by"], Value::Null);
    let why = push["attempts"][1]["detail"].as_str().expect("a detail");
    assert!(why.ends_with("each is sent by itself"), "{why}");
    app.stop().await;
}

async fn a_digest_that_breaks_its_plugin_falls_apart(on: Backend) {
    let mut app = TestApp::on(on)
        .plugin(
            "misbehaving",
            &with_rate(&guest("misbehaving"), "6/min"),
            &[],
        )
        .start()
        .await;
    let repo = app.repo("backend").await;
    let target = json!({
        "name": "all", "type": "misbehaving", "config": {"mode": "panic_at_digests"},
    });
    app.target(merging(target)).await;
    let mut last = Vec::new();
    for index in 0..9 {
        last = app.push(&repo, &format!("commit{index}")).await;
    }
    counted(&app, "status=success", 6).await;
    app.advance(MINUTE);
    counted(&app, "status=success", 9).await;
    let push = app.push_detail(last[0]).await;
    assert_eq!(outcomes(&push), ["retry", "delivered"]);
    assert_eq!(push["carried_by"], Value::Null);
    app.stop().await;
}

async fn who_has_a_digest_gets_it_no_second_time_when_it_goes_to_the_others(on: Backend) {
    let smtp = Smtp::start(Security::Starttls).await;
    let grants = ["smtp:${config.smtp_host}", "reuse"];
    let mail = with_rate(&official("email"), "3/min");
    let mut app = TestApp::on(on)
        .plugin("email", &mail, &grants)
        .start()
        .await;
    let repo = app.repo("backend").await;
    let to = ["good@example.com", "busy@example.com", "gone@example.com"];
    app.target(merging(Email::through(&smtp).to(&to).target("list")))
        .await;
    let mut last = Vec::new();
    for index in 0..8 {
        last = app.push(&repo, &format!("commit{index}")).await;
    }
    counted(&app, "status=success", 3).await;
    let recipient = |name: &str| Stage::Recipient(format!("{name}@example.com"));
    smtp.on(recipient("busy"), Action::say("451 4.2.1 Mailbox busy"));
    smtp.on(recipient("gone"), Action::say("550 5.1.1 No such mailbox"));
    app.advance(MINUTE);
    counted(&app, "status=failed", 5).await;
    let mails = smtp.mails();
    assert_eq!(mails.len(), 5);
    assert_eq!(mails[3].to, ["good@example.com"]);
    assert_eq!(mails[4].to, ["busy@example.com"]);
    assert_eq!(mails[3].header("Message-ID"), mails[4].header("Message-ID"));
    let push = app.push_detail(last[0]).await;
    assert_eq!(push["state"], "partial");
    assert_eq!(outcomes(&push), ["retry", "partial"]);

    // By hand: a push of its own, to nobody else.
    let retry = format!("/api/v1/pushes/{}/retry", last[0]);
    let retried = app.post(&retry, &json!({})).await.expect(200);
    let new = retried.data()["new_push_id"].as_i64().expect("a push");
    let push = app.push_in_state(new, "delivered").await;
    assert_eq!(push["carried_by"], Value::Null);
    assert_eq!(smtp.mails()[5].to, ["gone@example.com"]);
    app.stop().await;
}

/// `kill -9` while the far side has a digest and has not answered yet.
async fn a_digest_under_way_at_a_kill_is_sent_again_as_the_same_message(on: Backend) {
    let silent = Arc::new(AtomicBool::new(true));
    let still = silent.clone();
    let receiver = Receiver::answering(move |request| {
        let digest = request.json()["scene"] == "digest";
        match digest && still.load(Ordering::Relaxed) {
            true => Response::never(),
            false => Response::json(200, &json!({})),
        }
    })
    .await;
    let settings = format!("[auth]\nadmin_password = \"{PASSWORD}\"\n");
    let site = Site::new(on, BINARY, &settings).await;
    let plugin = site.folder().join("plugins/hook.wasm");
    std::fs::write(plugin, with_rate(&example_channel(), "5/s")).expect("it is written");
    let mut node = site.start().await;
    let (admin, _) = Api::new(node.address).login("admin", PASSWORD).await;
    let path = set_up(&admin, &receiver).await;
    let pushes = (0..40).map(|index| {
        let request = admin.anonymous().request(reqwest::Method::POST, &path);
        admin.send(Delivery::push(&format!("commit{index:04}")).onto(request, SECRET))
    });
    for answer in futures_util::future::join_all(pushes).await {
        answer.expect(200);
    }
    let digests = |from: usize| {
        let requests = receiver.requests();
        let sent = requests[from..].iter();
        let digests = sent.filter(|request| request.json()["scene"] == "digest");
        digests.map(message_id).collect::<HashSet<String>>()
    };
    until("a digest", async || (!digests(0).is_empty()).then_some(())).await;
    node.kill().await;
    let (lost, before) = (digests(0), receiver.count());
    silent.store(false, Ordering::Relaxed);

    let mut node = site.start().await;
    let (admin, _) = Api::new(node.address).login("admin", PASSWORD).await;
    counted(&admin, "status=success", 40).await;
    let repeated = digests(before);
    assert!(
        lost.is_subset(&repeated),
        "{lost:?} are not in {repeated:?}"
    );
    let pushes = admin.get("/api/v1/pushes?size=100").await.expect(200);
    let carried = pushes
        .list()
        .iter()
        .filter(|push| !push["carried_by"].is_null());
    assert!(carried.count() >= 3);
    node.kill().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_digest_template_that_fails_costs_no_message() {
    let receiver = Receiver::start().await;
    let (app, repo) = rated(Backend::Sqlite, "5/min", &receiver).await;
    let template = json!({
        "name": "many", "type": "hook", "scene": "digest", "is_default": true, "title": "{{.Count}}",
        "content": "{{if eq .Count 4}}{{index .Notifications 99}}{{end}}{{.Count}}",
    });
    app.post("/api/v1/templates", &template).await.expect(200);
    let mut last = Vec::new();
    for index in 0..9 {
        last = app.push(&repo, &format!("commit{index}")).await;
    }
    counted(&app, "status=success", 5).await;
    app.advance(MINUTE);
    counted(&app, "status=success", 9).await;
    assert_eq!(receiver.count(), 9);
    let push = app.push_detail(last[0]).await;
    assert_eq!(outcomes(&push), ["misconfigured", "delivered"]);
    let why = push["attempts"][0]["detail"].as_str().expect("a detail");
    assert!(why.contains("template"), "{why}");
    app.stop().await;
}

/// As [`rated`], of a server that can be killed. Returns the path of the webhook.
async fn set_up(admin: &Api, receiver: &Receiver) -> String {
    let repo = json!({
        "name": "backend", "type": "github", "url": "https://github.com/company/backend-service",
        "webhook_secret": SECRET,
    });
    let repo = admin.post("/api/v1/repos", &repo).await.expect(200);
    let target = json!({"name": "all", "type": "hook", "config": {"url": receiver.url("/hook")}});
    admin
        .post("/api/v1/targets", &merging(target))
        .await
        .expect(200);
    let url = repo.data()["webhook_url"].as_str().expect("a URL");
    let path = url.find("/webhook/").map(|at| &url[at..]);
    path.expect("a webhook path").to_owned()
}
