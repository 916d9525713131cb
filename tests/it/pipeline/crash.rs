//! `kill -9` under load: what was answered with 200 is delivered, and nothing is sent twice but what was on its way.

use futures_util::{StreamExt as _, stream};
use push_notify::pipeline::OPEN_SENDS;
use push_notify_tests::{Api, Backend, Delivery, Receiver, Request, Response, Site, both, until};
use serde_json::{Value, json};
use std::{
    collections::{HashMap, HashSet},
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

both!(webhooks_answered_before_a_kill_are_delivered_after_it);

const BINARY: &str = env!("CARGO_BIN_EXE_push-notify-under-test");
const PASSWORD: &str = "Admin-not-real-1";
const SECRET: &str = "webhook-secret-not-real";
const WEBHOOKS: usize = 500;
/// Webhooks sent at the same time.
const AT_ONCE: usize = 64;
const PER_TARGET: usize = 8;
/// What can have been sent at a kill without its outcome on disk.
const OPEN: usize = OPEN_SENDS * PER_TARGET;
const KILLS: usize = 2;

async fn webhooks_answered_before_a_kill_are_delivered_after_it(on: Backend) {
    // A little slow, so that there is always something on its way.
    let receiver =
        Receiver::answering(|_| Response::json(200, &json!({})).after(Duration::from_millis(5)))
            .await;
    let site = Site::new(on, BINARY, &settings()).await;
    let mut node = site.start().await;
    let (admin, _) = Api::new(node.address).login("admin", PASSWORD).await;
    let path = set_up(&admin, &receiver).await;

    let kill_at = rand::random_range(60..400);
    let answered_so_far = AtomicUsize::new(0);
    let sending = async {
        let results: Vec<Option<String>> = stream::iter(0..WEBHOOKS)
            .map(|index| {
                let (admin, path, answered_so_far) = (&admin, &path, &answered_so_far);
                async move {
                    let commit = format!("commit{index:04}");
                    let request = admin.anonymous().request(reqwest::Method::POST, path);
                    let request = Delivery::push(&commit).onto(request, SECRET);
                    let answer = admin
                        .try_send(request.timeout(Duration::from_secs(10)))
                        .await
                        .ok()?;
                    let taken = answer.status == 200;
                    answered_so_far.fetch_add(usize::from(taken), Ordering::Relaxed);
                    taken.then_some(commit)
                }
            })
            .buffer_unordered(AT_ONCE)
            .collect()
            .await;
        results.into_iter().flatten().collect::<HashSet<String>>()
    };
    let killing = async {
        until("enough answers", async || {
            (answered_so_far.load(Ordering::Relaxed) >= kill_at).then_some(())
        })
        .await;
        node.kill().await;
        receiver.count()
    };
    let (answered, sent_before) = tokio::join!(sending, killing);
    println!(
        "killed after {kill_at} answers; {} answered, {sent_before} sent by then",
        answered.len()
    );
    assert!(answered.len() >= kill_at && answered.len() < WEBHOOKS);

    // And once more, while it sends what is left.
    let mut node = site.start().await;
    let sent_before = receiver.count();
    receiver.wait_for(sent_before + 20).await;
    node.kill().await;

    let mut node = site.start().await;
    let (admin, _) = Api::new(node.address).login("admin", PASSWORD).await;
    until("nothing to be pending", async || {
        let pending = admin
            .get("/api/v1/pushes?status=pending&size=1")
            .await
            .expect(200);
        (pending.data()["pagination"]["total"] == 0).then_some(())
    })
    .await;
    let failed = admin
        .get("/api/v1/pushes?status=failed&size=1")
        .await
        .expect(200);
    assert_eq!(failed.data()["pagination"]["total"], 0, "{}", failed.text);

    let delivered = by_commit(&receiver.requests());
    let lost: Vec<&String> = answered
        .iter()
        .filter(|commit| !delivered.contains_key(*commit))
        .collect();
    assert!(
        lost.is_empty(),
        "answered with 200 and never delivered: {lost:?}"
    );
    let repeated: usize = delivered.values().map(|ids| ids.len() - 1).sum();
    assert!(
        repeated <= KILLS * OPEN,
        "{repeated} were repeated, but only {OPEN} can have been on their way at each kill"
    );
    for (commit, ids) in &delivered {
        let ids: HashSet<&String> = ids.iter().collect();
        assert_eq!(
            ids.len(),
            1,
            "{commit} was sent under more than one id: {ids:?}"
        );
    }
    assert!(!node.output().contains(SECRET) && !node.output().contains(PASSWORD));
    node.kill().await;
}

fn settings() -> String {
    format!(
        r#"
        [auth]
        admin_password = "{PASSWORD}"
        [delivery]
        per_target = {PER_TARGET}
        "#
    )
}

/// A repository, and a target that gets what it sends. Returns the path of the webhook.
async fn set_up(admin: &Api, receiver: &Receiver) -> String {
    let repo = json!({
        "name": "backend", "type": "github", "url": "https://github.com/company/backend-service",
        "webhook_secret": SECRET,
    });
    let repo = admin.post("/api/v1/repos", &repo).await.expect(200);
    let target =
        json!({"name": "all", "type": "webhook", "config": {"url": receiver.url("/hook")}});
    admin.post("/api/v1/targets", &target).await.expect(200);
    let url = repo.data()["webhook_url"].as_str().expect("a URL");
    let path = url.find("/webhook/").map(|at| &url[at..]);
    path.expect("a webhook path").to_owned()
}

/// The message ids under which each commit came.
fn by_commit(requests: &[Request]) -> HashMap<String, Vec<String>> {
    let mut found: HashMap<String, Vec<String>> = HashMap::new();
    for request in requests {
        let message: Value = request.json();
        let text = message["text"].as_str().unwrap_or_default();
        let commit = text.find("commit0").and_then(|at| text.get(at..at + 10));
        let commit = commit
            .unwrap_or_else(|| panic!("no commit in {text}"))
            .to_owned();
        let id = request.header("idempotency-key").expect("an id").to_owned();
        found.entry(commit).or_default().push(id);
    }
    found
}
