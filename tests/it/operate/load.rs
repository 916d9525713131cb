use futures_util::{StreamExt as _, stream};
use push_notify_tests::{Api, Delivery, Receiver, until};
use serde_json::json;
use std::{
    ops::Range,
    sync::Mutex,
    time::{Duration, Instant},
};

pub(super) const BINARY: &str = env!("CARGO_BIN_EXE_push-notify-under-test");
pub(super) const PASSWORD: &str = "Admin-not-real-1";
pub(super) const SETTINGS: &str = "[auth]\nadmin_password = \"Admin-not-real-1\"";
const SECRET: &str = "webhook-secret-not-real";
const TOKEN: &str = "bearer-token-not-real";
/// Webhooks sent at the same time.
const AT_ONCE: usize = 16;

/// A repository whose webhooks come in, and a target that gets them.
pub(super) struct Load {
    path: String,
    /// The commits whose webhooks were answered with 200.
    answered: Mutex<Vec<String>>,
}

impl Load {
    pub(super) async fn set_up(admin: &Api, receiver: &Receiver) -> Self {
        let repo = json!({
            "name": "backend", "type": "github", "url": "https://github.com/company/backend-service",
            "webhook_secret": SECRET, "access_token": "ghp-not-real-0123456789",
        });
        let repo = admin.post("/api/v1/repos", &repo).await.expect(200);
        let target = json!({
            "name": "all", "type": "hook", "config": {"url": receiver.url("/hook"), "token": TOKEN},
        });
        admin.post("/api/v1/targets", &target).await.expect(200);
        let url = repo.data()["webhook_url"].as_str().expect("a URL");
        let path = url.find("/webhook/").map(|at| &url[at..]);
        Self {
            path: path.expect("a webhook path").to_owned(),
            answered: Mutex::default(),
        }
    }

    /// Sends webhooks, and remembers those that were answered with 200.
    pub(super) async fn send(&self, api: &Api, commits: Range<usize>) {
        self.time(api, commits).await;
    }

    /// As [`Load::send`]; how long each answer took.
    pub(super) async fn time(&self, api: &Api, commits: Range<usize>) -> Vec<Duration> {
        stream::iter(commits)
            .map(async |index| {
                let started = Instant::now();
                let commit = format!("commit{index:05}");
                let request = api.anonymous().request(reqwest::Method::POST, &self.path);
                let request = Delivery::push(&commit).onto(request, SECRET);
                let request = request.timeout(Duration::from_secs(10));
                if let Ok(answer) = api.try_send(request).await
                    && answer.status == 200
                {
                    self.answered
                        .lock()
                        .expect("no test panics with it")
                        .push(commit);
                }
                started.elapsed()
            })
            .buffer_unordered(AT_ONCE)
            .collect()
            .await
    }

    pub(super) fn answered(&self) -> Vec<String> {
        self.answered
            .lock()
            .expect("no test panics with it")
            .clone()
    }

    pub(super) async fn wait_for(&self, count: usize) {
        until("enough answers", async || {
            (self.answered().len() >= count).then_some(())
        })
        .await;
    }
}

/// Whether each message that came was let in with the target's secret.
pub(super) fn all_have_the_token(receiver: &Receiver) -> bool {
    let expected = format!("Bearer {TOKEN}");
    let requests = receiver.requests();
    !requests.is_empty()
        && requests
            .iter()
            .all(|request| request.header("authorization") == Some(expected.as_str()))
}

/// Waits until nothing waits.
pub(super) async fn settled(admin: &Api) {
    until("nothing to be pending", async || {
        let pending = admin
            .get("/api/v1/pushes?status=pending&size=1")
            .await
            .expect(200);
        (pending.data()["pagination"]["total"] == 0).then_some(())
    })
    .await;
}
