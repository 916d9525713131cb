use super::{Ledger, ingest::new_postgres_database, postgres::Postgres};
use crate::{
    calm::Watch,
    child::Role,
    far_side, hmac_only,
    load::Load,
    payload::payloads,
    place::Place,
    server::{Repo, Server, Settings},
    stat::Rounds,
    table::{Goal, Row, Table},
};
use anyhow::ensure;
use bytes::Bytes;
use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::task::JoinSet;

const ROUNDS: usize = 5;
const CONNECTIONS: usize = 16;
/// Sends at the same time to one target, as the default configuration has it.
const PER_TARGET: usize = 8;
const TARGETS: usize = 10;

/// From the webhook to the recorded delivery, against a program that only sends; and the CPU time
/// of it.
pub(crate) async fn delivery(
    place: &Place,
    watch: &Watch,
    table: &mut Table,
) -> anyhow::Result<()> {
    let far = Role::start(far_side::ROLE).await?;
    let hmac = Role::start(hmac_only::ROLE).await?;
    let server = Server::start(place, Settings::default()).await?;
    let calm = watch.is_calm().await?;

    let mut one = Road::new(&server, &far, "one", 1, 4_000).await?;
    let mut to_one = one.rounds(&server, &far, Some(&hmac)).await?;
    let row = to_one.row("end to end, one HTTP channel", PER_TARGET);
    table.push(row.goal_elsewhere(">= 10x svix's 1k/s", "svix is not here: context only"));
    let cpu = Rounds::ratio(&to_one.cpu_us, &to_one.hmac_cpu_us);
    let median = |values: &[f64]| Rounds::new(values.to_vec()).median();
    let row = Row::new(
        "CPU per event with one delivery",
        format!(
            "{:.0} us; HMAC-only {:.0} us a request",
            median(&to_one.cpu_us),
            median(&to_one.hmac_cpu_us)
        ),
    );
    let cpu_row = row.ratio(&cpu).goal(Goal::AtMost(6.0, "x"), &cpu, calm);

    let mut ten = Road::new(&server, &far, "ten", TARGETS, 600).await?;
    let to_ten = ten.rounds(&server, &far, None).await?;
    let ratio = to_ten.ratio();
    let row = to_ten.row("fan-out to 10 HTTP channels", PER_TARGET * TARGETS);
    table.push(row.goal(Goal::AtLeast(0.65, "x"), &ratio, calm));
    table.push(cpu_row);
    table.note(format!(
        "memory of the server after {} deliveries: {:.0} MiB",
        server_deliveries(),
        server.process.memory_mib()?
    ));

    let fresh = Settings {
        fresh_channel: true,
        ..Settings::default()
    };
    let server = Server::start(place, fresh).await?;
    let mut one = Road::new(&server, &far, "one", 1, 4_000).await?;
    to_one = one.rounds(&server, &far, None).await?;
    table.push(to_one.row("the same, one channel, a fresh instance a call", PER_TARGET));
    on_postgres(place, &far, table).await
}

/// On a database that is new: what it costs there when nothing is known of its tables yet is in the
/// first of the rounds.
async fn on_postgres(place: &Place, far: &Role, table: &mut Table) -> anyhow::Result<()> {
    const WHAT: &str = "end to end, one HTTP channel, PostgreSQL";
    let Some(database) = new_postgres_database().await? else {
        let why = "not measured: PUSH_NOTIFY_TEST_POSTGRES is not set";
        table.push(Row::new(WHAT, why));
        return Ok(());
    };
    let settings = Settings {
        database: Some(&database),
        ..Settings::default()
    };
    let server = Server::start(place, settings).await?;
    let mut postgres = Postgres::connect(&database).await?;
    let mut one = Road::new(&server, far, "one", 1, 4_000).await?;
    let before = postgres.cpu_seconds().await?;
    let to_one = one.rounds(&server, far, None).await?;
    let theirs = postgres.cpu_seconds().await? - before;
    table.push(to_one.row(WHAT, PER_TARGET));
    let ours = Rounds::new(to_one.cpu_us.clone()).median();
    table.push(Row::new(
        "CPU per event with one delivery, PostgreSQL",
        format!(
            "{ours:.0} us, and {:.0} us in PostgreSQL",
            theirs * 1e6 / (ROUNDS as f64 * one.load.most as f64)
        ),
    ));
    let mut ten = Road::new(&server, far, "ten", TARGETS, 600).await?;
    let to_ten = ten.rounds(&server, far, None).await?;
    table.push(to_ten.row(
        "fan-out to 10 HTTP channels, PostgreSQL",
        PER_TARGET * TARGETS,
    ));
    table.note(postgres.summary().await?);
    Ok(())
}

fn server_deliveries() -> u64 {
    let rounds = ROUNDS as u64 + 1;
    rounds * 4_000 + rounds * 600 * TARGETS as u64
}

/// A repository and where its messages go.
struct Road {
    repo: Repo,
    load: Load,
    targets: u64,
    example: Bytes,
    ledger: Ledger,
}

/// By round.
#[derive(Default)]
struct Figures {
    per_second: Vec<f64>,
    bare_per_second: Vec<f64>,
    cpu_us: Vec<f64>,
    hmac_cpu_us: Vec<f64>,
}

impl Road {
    async fn new(
        server: &Server,
        far: &Role,
        name: &str,
        targets: usize,
        events: u64,
    ) -> anyhow::Result<Self> {
        let repo = server.repo_with_targets(name, far.address, targets).await?;
        let load = Load {
            address: server.address,
            path: repo.path.clone(),
            payloads: Arc::new(payloads()),
            connections: CONNECTIONS,
            most: events,
            time: Duration::from_secs(60),
        };
        let mut road = Self {
            repo,
            load,
            targets: targets as u64,
            example: Bytes::new(),
            ledger: Ledger::open(&server.database()).await?,
        };
        // A warm-up, which also shows what is sent.
        road.deliver(server, far).await?;
        road.example = far_side::example(far.address)?.into();
        Ok(road)
    }

    async fn rounds(
        &mut self,
        server: &Server,
        far: &Role,
        hmac: Option<&Role>,
    ) -> anyhow::Result<Figures> {
        let mut figures = Figures::default();
        for _ in 0..ROUNDS {
            let before = server.process.cpu_seconds()?;
            let time = self.deliver(server, far).await?;
            let cpu = server.process.cpu_seconds()? - before;
            figures
                .per_second
                .push(self.sends() as f64 / time.as_secs_f64());
            figures.cpu_us.push(cpu * 1e6 / self.load.most as f64);
            let in_flight = PER_TARGET * self.targets as usize;
            let time = bare(far.address, &self.example, self.sends(), in_flight).await?;
            figures
                .bare_per_second
                .push(self.sends() as f64 / time.as_secs_f64());
            if let Some(hmac) = hmac {
                let load = Load {
                    address: hmac.address,
                    most: self.load.most * 4,
                    ..self.load.clone()
                };
                let before = hmac.process.cpu_seconds()?;
                load.run().await?;
                figures
                    .hmac_cpu_us
                    .push((hmac.process.cpu_seconds()? - before) * 1e6 / load.most as f64);
            }
        }
        server.explain(self.ledger.all_delivered(&self.repo).await)?;
        Ok(figures)
    }

    /// Delivers all events and waits until each of their messages has arrived and is on record as
    /// delivered.
    async fn deliver(&mut self, server: &Server, far: &Role) -> anyhow::Result<Duration> {
        let expected = far_side::count(far.address)? + self.sends();
        let started = Instant::now();
        let outcome = server.explain(self.load.run().await)?;
        ensure!(
            outcome.answered == self.load.most,
            "only {} webhooks were answered",
            outcome.answered
        );
        let settled = self.ledger.settled(server, &self.repo, far, expected);
        settled.await?;
        Ok(started.elapsed())
    }

    fn sends(&self) -> u64 {
        self.load.most * self.targets
    }
}

impl Figures {
    fn ratio(&self) -> Rounds {
        Rounds::ratio(&self.per_second, &self.bare_per_second)
    }

    fn row(&self, what: &str, in_flight: usize) -> Row {
        let median = |values: &[f64]| Rounds::new(values.to_vec()).median();
        let (ours, bare) = (median(&self.per_second), median(&self.bare_per_second));
        let measured =
            format!("{ours:.0}/s recorded; bare reqwest {bare:.0}/s ({in_flight} at a time)");
        Row::new(what, measured).ratio(&self.ratio())
    }
}

/// The same requests by reqwest alone.
async fn bare(
    address: SocketAddr,
    body: &Bytes,
    sends: u64,
    in_flight: usize,
) -> anyhow::Result<Duration> {
    let client = reqwest::Client::builder()
        .no_proxy()
        .tcp_nodelay(true)
        .build()?;
    let taken = Arc::new(AtomicU64::new(0));
    let started = Instant::now();
    let mut senders = JoinSet::new();
    for sender in 0..in_flight {
        let url = format!("http://{address}{}/{sender}", far_side::NOW);
        let (client, taken, body) = (client.clone(), taken.clone(), body.clone());
        senders.spawn(async move {
            loop {
                let number = taken.fetch_add(1, Ordering::Relaxed);
                if number >= sends {
                    return anyhow::Ok(());
                }
                let request = client
                    .post(&url)
                    .header("content-type", "application/json")
                    .header("idempotency-key", number.to_string())
                    .body(body.clone());
                request.send().await?.error_for_status()?.bytes().await?;
            }
        });
    }
    while let Some(done) = senders.join_next().await {
        done??;
    }
    Ok(started.elapsed())
}
