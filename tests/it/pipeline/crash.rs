//! `kill -9` at random moments under load, again and again: what was answered with 200 is
//! delivered, and nothing is sent twice but what was on its way. `make chaos` does it for longer.

use push_notify::pipeline::OPEN_SENDS;
use push_notify_tests::{
    Api, Arrived, Backend, Load, Node, Origin, Receiver, Response, Site, WAIT_TIMEOUT, both,
    redis_url,
};
use serde_json::json;
use std::{collections::HashSet, env, net::SocketAddr, time::Duration};
use tokio::time::{Instant, sleep};

both!(kills_at_random_moments_lose_nothing_and_repeat_only_what_was_on_its_way);

const BINARY: &str = env!("CARGO_BIN_EXE_push-notify-under-test");
const PASSWORD: &str = "Admin-not-real-1";
const PER_TARGET: usize = 8;
/// What a kill can have sent to the one target without its outcome on disk.
const OPEN: usize = OPEN_SENDS * PER_TARGET;
const ROUNDS: usize = 20;
const SENDERS: usize = 12;
const PAUSE: Duration = Duration::from_millis(30);

async fn kills_at_random_moments_lose_nothing_and_repeat_only_what_was_on_its_way(on: Backend) {
    // A little slow, so that there is always something on its way.
    let receiver =
        Receiver::answering(|_| Response::json(200, &json!({})).after(Duration::from_millis(5)))
            .await;
    let mut cluster = Cluster::new(on).await;
    cluster.start_missing().await;
    let origin = Origin::set_up(&cluster.admin().await, &receiver).await;
    let load = Load::start(&origin, SENDERS, PAUSE);
    let rounds = rounds();
    let mut kills = 0;
    for round in 1..=rounds {
        load.at(&cluster.doors());
        load.wait_for_more(rand::random_range(5..60)).await;
        let killed = cluster.kill_some().await;
        load.at(&cluster.doors());
        kills += killed.len();
        println!(
            "{on:?}: round {round}/{rounds}: killed {killed:?}; {} taken, {} sent",
            load.accepted(),
            receiver.count()
        );
        // Where there is another one it goes on alone for a while.
        if !cluster.doors().is_empty() && rand::random() {
            load.wait_for_more(rand::random_range(5..60)).await;
        }
        cluster.start_missing().await;
    }
    load.at(&cluster.doors());
    load.wait_for_more(SENDERS).await;
    let accepted = load.stop().await;
    cluster.everything_ended().await;
    cluster.check(&receiver, &accepted, kills * OPEN).await;
}

fn rounds() -> usize {
    match env::var("PUSH_NOTIFY_TEST_ROUNDS") {
        Ok(rounds) => rounds.parse().expect("PUSH_NOTIFY_TEST_ROUNDS is a number"),
        Err(_) => ROUNDS,
    }
}

/// The servers on one database: one on SQLite, two on PostgreSQL.
struct Cluster {
    site: Site,
    nodes: Vec<Option<Node>>,
    /// Of nodes that are gone.
    output: String,
}

impl Cluster {
    async fn new(on: Backend) -> Self {
        let (nodes, redis) = match on {
            Backend::Sqlite => (1, String::new()),
            Backend::Postgres => (2, format!("[redis]\nurl = \"{}\"", redis_url())),
        };
        let settings = format!(
            r#"
            {redis}
            [auth]
            admin_password = "{PASSWORD}"
            [delivery]
            per_target = {PER_TARGET}
            "#
        );
        Self {
            site: Site::new(on, BINARY, &settings).await,
            nodes: (0..nodes).map(|_| None).collect(),
            output: String::new(),
        }
    }

    async fn start_missing(&mut self) {
        for node in self.nodes.iter_mut().filter(|node| node.is_none()) {
            *node = Some(self.site.start().await);
        }
    }

    /// Any of them, now and then all; returns which.
    async fn kill_some(&mut self) -> Vec<usize> {
        let one = rand::random_range(0..self.nodes.len());
        let all = rand::random_ratio(1, 4);
        let mut killed = Vec::new();
        for (index, node) in self.nodes.iter_mut().enumerate() {
            if (all || index == one)
                && let Some(mut node) = node.take()
            {
                node.kill().await;
                self.output.push_str(&node.output());
                killed.push(index);
            }
        }
        killed
    }

    fn doors(&self) -> Vec<SocketAddr> {
        self.nodes
            .iter()
            .flatten()
            .map(|node| node.address)
            .collect()
    }

    async fn admin(&self) -> Api {
        let door = self.doors()[0];
        Api::new(door).login("admin", PASSWORD).await.0
    }

    /// Waits until nothing is pending: as long as anything that a test waits for, and what it takes
    /// to know that a server is dead.
    async fn everything_ended(&self) {
        let admin = self.admin().await;
        let end = Instant::now() + WAIT_TIMEOUT + Duration::from_secs(30);
        while Instant::now() < end {
            let pending = admin.get("/api/v1/pushes?status=pending&size=1").await;
            if pending.expect(200).data()["pagination"]["total"] == 0 {
                return;
            }
            sleep(Duration::from_millis(100)).await;
        }
        let pending = admin.get("/api/v1/pushes?status=pending&size=5").await;
        panic!("still pending: {}", pending.text);
    }

    async fn check(
        mut self,
        receiver: &Receiver,
        accepted: &HashSet<String>,
        most_repeated: usize,
    ) {
        let admin = self.admin().await;
        let failed = admin.get("/api/v1/pushes?status=failed&size=1").await;
        let failed = failed.expect(200);
        assert_eq!(failed.data()["pagination"]["total"], 0, "{}", failed.text);
        let arrived = Arrived::at(receiver);
        let repeated = arrived.repeated();
        println!(
            "{} taken, {} delivered, {repeated} repeated of at most {most_repeated}",
            accepted.len(),
            arrived.count()
        );
        let missing = arrived.missing(accepted);
        assert!(
            missing.is_empty(),
            "answered with 200 and never delivered: {missing:?}"
        );
        assert!(
            repeated <= most_repeated,
            "{repeated} were repeated, but only {most_repeated} can have been on their way at the kills"
        );
        for mut node in self.nodes.drain(..).flatten() {
            node.kill().await;
            self.output.push_str(&node.output());
        }
        for secret in [PASSWORD, "webhook-secret-not-real"] {
            assert!(!self.output.contains(secret), "{secret} was logged");
        }
        assert!(!self.output.contains("panicked"), "{}", self.output);
    }
}

impl Drop for Cluster {
    /// What a failure leaves behind is worth a look.
    fn drop(&mut self) {
        if !std::thread::panicking() {
            return;
        }
        for node in self.nodes.iter().flatten() {
            self.output.push_str(&node.output());
        }
        let folder = self.site.keep();
        let written = std::fs::write(folder.join("output.log"), &self.output);
        println!(
            "the servers' data and output are in {} ({written:?})",
            folder.display()
        );
    }
}
