use futures_util::{StreamExt as _, stream};
use push_notify_tests::{Backend, Payload, Proof, Repo, TestApp};
use reqwest::Method;
use serde_json::json;
use std::sync::atomic::{AtomicI64, Ordering};

/// Deliveries at the same time.
const AT_ONCE: usize = 4;

/// What who delivers knows.
#[derive(Debug, Clone, Copy)]
pub(super) enum Knows {
    Secret,
    AnotherSecret,
    Nothing,
}

/// A server that has a repository for each way to prove a delivery.
pub(super) struct Road {
    app: TestApp,
    repos: Vec<(Proof, Repo)>,
    delivered: AtomicI64,
}

impl Road {
    pub async fn start() -> Self {
        let mut app = TestApp::start(Backend::Sqlite).await;
        let mut repos = Vec::new();
        for proof in Proof::ALL {
            let fields = json!({
                "type": proof.host(),
                "url": url(proof),
                "webhook_secret": proof.secret(),
                "webhook_events": ["push", "merge_request", "tag_push"],
                "config": proof.config(),
            });
            app.secrets.push(proof.secret());
            let repo = app.repo_with(&format!("{proof:?}"), fields).await;
            repos.push((proof, repo));
        }
        Self {
            app,
            repos,
            delivered: AtomicI64::new(0),
        }
    }

    /// Delivers each payload with what somebody shows who `knows` that much, and panics at an
    /// answer with another status. A parser that traps would have it parked, with a 202.
    pub async fn deliver(
        &self,
        proof: Proof,
        knows: Knows,
        payloads: impl Iterator<Item = Payload>,
        expected: &[u16],
    ) {
        let mut repos = self.repos.iter();
        let (_, repo) = repos.find(|(of, _)| *of == proof).expect("there is one");
        self.deliver_to(&repo.path, proof, knows, payloads, expected)
            .await;
    }

    /// As [`Road::deliver`], to any address.
    pub async fn deliver_to(
        &self,
        path: &str,
        proof: Proof,
        knows: Knows,
        payloads: impl Iterator<Item = Payload>,
        expected: &[u16],
    ) {
        let secret = match knows {
            Knows::Secret => Some(proof.secret()),
            Knows::AnotherSecret => Some(proof.wrong_secret()),
            Knows::Nothing => None,
        };
        let api = self.app.api.anonymous().unrecorded();
        let deliver = |payload: Payload| {
            let number = self.delivered.fetch_add(1, Ordering::Relaxed);
            let now_ms = self.app.server.app().clock.now_ms() + number;
            let id = format!("sweep-{number}");
            let request = api.request(Method::POST, path);
            let request = payload.onto(request, proof, secret.as_deref(), &id, now_ms);
            let (name, host) = (payload.name, payload.host);
            let api = &api;
            async move {
                let answer = api.send(request).await;
                assert!(
                    expected.contains(&answer.status),
                    "{proof:?} of {host} {name}: {} {}",
                    answer.status,
                    answer.text
                );
            }
        };
        stream::iter(payloads.map(deliver))
            .buffer_unordered(AT_ONCE)
            .collect::<()>()
            .await;
    }

    /// Panics when a plugin is not what it was.
    pub async fn stop(self) {
        assert!(self.delivered.load(Ordering::Relaxed) > 100);
        let plugins = self.app.get("/api/v1/plugins").await.expect(200);
        for plugin in plugins.list() {
            assert_eq!(plugin["state"], "active", "{plugin:#}");
        }
        self.app.assert_nothing_leaked();
        self.app.stop().await;
    }
}

/// Where the repository for a proof is.
pub(super) fn url(proof: Proof) -> String {
    format!("https://git.example.com/sweep/{proof:?}")
}
