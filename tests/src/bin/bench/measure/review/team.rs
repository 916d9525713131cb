use crate::{
    child::Role,
    far_side,
    load::Load,
    measure::Ledger,
    payload::Payload,
    place::Place,
    server::{Repo, Server, Settings},
};
use anyhow::ensure;
use push_notify_tests::{
    OpenAi,
    forge::{File, Forge},
};
use serde_json::json;
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

const CONNECTIONS: usize = 16;
const TIME: Duration = Duration::from_secs(60);
/// Files of one merge request are called so, each with its number behind.
const FILE: &str = "press/src/stroke";

/// A server, the Git host and the model that it reviews with, and who hears of it: in this process
/// where it is not said otherwise.
pub(super) struct Team {
    pub(super) server: Server,
    pub(super) host: Forge,
    pub(super) model: OpenAi,
    /// A process of its own.
    far: Role,
    /// The merge requests of this one are reviewed.
    reviewed: Repo,
    /// Those of this one are not.
    plain: Repo,
    ledger: Ledger,
    /// How many merge requests there were.
    opened: usize,
}

impl Team {
    pub(super) async fn start(place: &Place, at_once: usize) -> anyhow::Result<Self> {
        let far = Role::start(far_side::ROLE).await?;
        let host = Forge::github().await;
        let model = OpenAi::start().await;
        let settings = Settings {
            reviews: Some(at_once),
            ..Settings::default()
        };
        let server = Server::start(place, settings).await?;
        let reviewed = server.reviewed_repo("reviewed", &host, &model).await?;
        let path = format!("{}/1", far_side::NOW);
        server
            .target(&reviewed, far.address, &path, "target")
            .await?;
        let plain = server.repo_with_targets("plain", far.address, 1).await?;
        let server = server.restarted().await?;
        Ok(Self {
            ledger: Ledger::open(&server.database()).await?,
            server,
            host,
            model,
            far,
            reviewed,
            plain,
            opened: 0,
        })
    }

    /// Opens merge requests that change `files` files by `bytes` each. Their webhooks are still to
    /// come.
    pub(super) fn open(&mut self, count: usize, files: usize, bytes: usize) -> Load {
        let numbers = self.opened + 1..=self.opened + count;
        self.opened += count;
        let payloads = numbers.map(|number| {
            let files = (0..files)
                .map(|file| changed(number, file, bytes))
                .collect();
            let head = Payload::head(number);
            self.host.merge_request(number as u64, &head, files);
            Payload::merge_request(number)
        });
        let payloads = payloads.collect();
        self.load(&self.reviewed, payloads, count)
    }

    /// `count` of such webhooks for the repository that nobody reviews.
    pub(super) fn without_review(&self, count: usize) -> Load {
        let payloads = (1..=256).map(Payload::merge_request).collect();
        self.load(&self.plain, payloads, count)
    }

    fn load(&self, repo: &Repo, payloads: Vec<Payload>, count: usize) -> Load {
        Load {
            address: self.server.address,
            path: repo.path.clone(),
            payloads: Arc::new(payloads),
            connections: CONNECTIONS,
            most: count as u64,
            time: TIME,
        }
    }

    /// Delivers the webhooks and waits until all is done that comes of them.
    pub(super) async fn deliver(&mut self, load: &Load) -> anyhow::Result<Duration> {
        let started = Instant::now();
        let expected = self.send(load).await?;
        self.settled(expected).await?;
        Ok(started.elapsed())
    }

    /// Delivers the webhooks. Answers how many messages there will have been in the end.
    pub(super) async fn send(&self, load: &Load) -> anyhow::Result<u64> {
        let expected = far_side::count(self.far.address)? + load.most;
        let outcome = self.server.explain(load.run().await)?;
        ensure!(
            outcome.answered == load.most,
            "only {} webhooks were answered",
            outcome.answered
        );
        Ok(expected)
    }

    /// Waits until the messages are delivered, and the reviews made and shown; all of it on record.
    pub(super) async fn settled(&mut self, expected: u64) -> anyhow::Result<()> {
        for repo in [&self.reviewed, &self.plain] {
            let settled = self.ledger.settled(&self.server, repo, &self.far, expected);
            settled.await?;
            self.server.explain(self.ledger.all_delivered(repo).await)?;
        }
        self.ledger.reviewed(&self.server).await
    }
}

/// What the model says of every merge request. Both lines are in the first file's diff.
pub(super) fn reply() -> String {
    let issue = |line: u32, severity: &str, message: &str| {
        json!({
            "path": format!("{FILE}_0.rs"),
            "line": line,
            "severity": severity,
            "category": "BUG",
            "message": message,
            "suggestion": "Read the switch before the stroke and not after it.",
        })
    };
    let issues = [
        issue(2, "HIGH", "The lid may be open when the stroke begins."),
        issue(3, "LOW", "The reading is thrown away."),
    ];
    let reply = json!({
        "score": 71,
        "decision": "COMMENT",
        "summary": "The switch is read more often now, but not at the moment that counts.",
        "issues": issues,
    });
    reply.to_string()
}

/// A file whose diff has about so many bytes: of every four lines one stayed, one went, and two
/// came.
fn changed(number: usize, file: usize, bytes: usize) -> File {
    let mut lines = String::new();
    let mut fours = 0;
    while lines.len() < bytes {
        lines.push_str(&format!(
            "\n     let stroke = press.stroke({number}, {fours});\
             \n-    if lid.was_closed_at_start() {{ stroke.begin(); }}\
             \n+    let lid = switch.read_now(stroke.number());\
             \n+    if lid.is_closed() {{ stroke.begin(); }}"
        ));
        fours += 1;
    }
    let (old, new) = (fours * 2, fours * 3);
    File::modified(
        &format!("{FILE}_{file}.rs"),
        &format!("@@ -1,{old} +1,{new} @@{lines}"),
    )
}
