use super::{Ledger, ingest::new_postgres_database};
use crate::{
    calm::Watch,
    child::Role,
    far_side,
    load::Load,
    payload::payloads,
    place::Place,
    server::{Repo, Server, Settings},
    stat::Rounds,
    table::{Row, Table},
};
use anyhow::ensure;
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::task::JoinSet;

const ROUNDS: usize = 5;
const EVENTS: u64 = 600;
const TARGETS: usize = 10;
const CONNECTIONS: usize = 16;

/// The road on PostgreSQL with one node, and with two that share the webhooks. All of them share
/// this machine's cores, so this tells what a second node costs; what it gains shows on machines of
/// their own.
pub(crate) async fn nodes(place: &Place, watch: &Watch, table: &mut Table) -> anyhow::Result<()> {
    let Some(mut one) = Cluster::start(place, 1).await? else {
        table.push(Row::new(
            "nodes on PostgreSQL",
            "not measured: PUSH_NOTIFY_TEST_POSTGRES is not set",
        ));
        return Ok(());
    };
    let single = one.rounds().await?;
    drop(one);
    let Some(mut two) = Cluster::start(place, 2).await? else {
        return Ok(());
    };
    // The figures have no goal; the notes below the table say how calm it was.
    watch.is_calm().await?;
    let double = two.rounds().await?;
    table.push(single.row("fan-out to 10 on PostgreSQL, one node"));
    let ratio = Rounds::ratio(&double.per_second, &single.per_second);
    table.push(double.row("the same, two nodes and Redis").ratio(&ratio));
    Ok(())
}

/// Servers on one database.
struct Cluster {
    nodes: Vec<Server>,
    far: Role,
    repo: Repo,
    ledger: Ledger,
}

/// By round.
#[derive(Default)]
struct Figures {
    per_second: Vec<f64>,
    /// Of all nodes, for one event.
    cpu_us: Vec<f64>,
}

impl Cluster {
    /// None without a PostgreSQL.
    async fn start(place: &Place, nodes: usize) -> anyhow::Result<Option<Self>> {
        let Some(database) = new_postgres_database().await? else {
            return Ok(None);
        };
        let redis = std::env::var("PUSH_NOTIFY_TEST_REDIS").ok();
        let settings = Settings {
            database: Some(&database),
            redis: redis.as_deref().filter(|_| nodes > 1),
            ..Settings::default()
        };
        let mut servers = Vec::new();
        for _ in 0..nodes {
            servers.push(Server::start(place, settings).await?);
        }
        let far = Role::start(far_side::ROLE).await?;
        let repo = servers[0].repo_with_targets("nodes", far.address, TARGETS);
        Ok(Some(Self {
            repo: repo.await?,
            nodes: servers,
            far,
            ledger: Ledger::open(&database).await?,
        }))
    }

    /// After one to warm up.
    async fn rounds(&mut self) -> anyhow::Result<Figures> {
        self.deliver().await?;
        let mut figures = Figures::default();
        for _ in 0..ROUNDS {
            let before = self.cpu_seconds()?;
            let time = self.deliver().await?;
            let cpu = self.cpu_seconds()? - before;
            let sends = EVENTS as f64 * TARGETS as f64;
            figures.per_second.push(sends / time.as_secs_f64());
            figures.cpu_us.push(cpu * 1e6 / EVENTS as f64);
        }
        self.ledger.all_delivered(&self.repo).await?;
        Ok(figures)
    }

    /// Until all messages have arrived and are on record as delivered.
    async fn deliver(&mut self) -> anyhow::Result<Duration> {
        let share = EVENTS / self.nodes.len() as u64;
        let expected = far_side::count(self.far.address)? + EVENTS * TARGETS as u64;
        let started = Instant::now();
        let mut loads = JoinSet::new();
        for node in &self.nodes {
            let load = Load {
                address: node.address,
                path: self.repo.path.clone(),
                payloads: Arc::new(payloads()),
                connections: CONNECTIONS / self.nodes.len(),
                most: share,
                time: Duration::from_secs(60),
            };
            loads.spawn(async move { load.run().await });
        }
        while let Some(outcome) = loads.join_next().await {
            let answered = self.nodes[0].explain(outcome?)?.answered;
            ensure!(answered == share, "only {answered} webhooks were answered");
        }
        let settled = self
            .ledger
            .settled(&self.nodes[0], &self.repo, &self.far, expected);
        settled.await?;
        Ok(started.elapsed())
    }

    fn cpu_seconds(&self) -> anyhow::Result<f64> {
        let each = self.nodes.iter().map(|node| node.process.cpu_seconds());
        each.sum()
    }
}

impl Figures {
    fn row(&self, what: &str) -> Row {
        let median = |values: &[f64]| Rounds::new(values.to_vec()).median();
        let measured = format!(
            "{:.0}/s recorded; {:.0} us CPU an event",
            median(&self.per_second),
            median(&self.cpu_us)
        );
        Row::new(what, measured)
    }
}
