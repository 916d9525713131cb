use super::plugin::receive_us;
use crate::{
    calm::Watch,
    child::Role,
    far_side, hmac_only,
    load::{Load, Outcome},
    payload::{Payload, payloads},
    place::Place,
    server::{Server, Settings},
    stat::Rounds,
    table::{Goal, Row, Table},
};
use anyhow::Context as _;
use sqlx::{Connection as _, Executor as _};
use std::{
    fs::File,
    io::Write as _,
    sync::Arc,
    time::{Duration, Instant},
};

/// Deliveries of one round, and its longest time.
const MOST: u64 = 8_000;
const TIME: Duration = Duration::from_millis(800);
const ROUNDS: usize = 5;
/// About what an event and its push take in the database.
const ROW_BYTES: usize = 8 << 10;

/// Accepted webhooks against the handler that only checks the signature, on both databases; and how
/// long one waits.
///
/// Each event has a push for one target. That target never answers, so that rows and nothing else
/// are made of the pushes.
pub(crate) async fn ingest(place: &Place, watch: &Watch, table: &mut Table) -> anyhow::Result<()> {
    let payloads = Arc::new(payloads());
    let bytes = payloads
        .iter()
        .map(|payload| payload.body.len())
        .sum::<usize>()
        / payloads.len();
    table.note(format!(
        "payload: a GitHub push of 5 commits, {:.1} KiB",
        bytes as f64 / 1024.0
    ));
    for connections in [1, 16, 64] {
        let run = Run::new(place, &payloads, connections).await?;
        let calm = watch.is_calm().await?;
        let (hmac, sqlite, postgres) = run.rounds().await?;
        let theirs: Vec<f64> = hmac.iter().map(Outcome::per_second).collect();
        let what = |database: &str| format!("durable ingest, {database}, {connections} conn.");
        let goal = match connections {
            16 => Some(0.40),
            64 => Some(0.50),
            _ => None,
        };
        let (row, ratio) = compare(what("SQLite FULL"), &sqlite, &theirs);
        table.push(match goal {
            Some(goal) => row.goal(Goal::AtLeast(goal, "x"), &ratio, calm),
            None => row,
        });
        if postgres.is_empty() {
            table.push(Row::new(
                what("PostgreSQL"),
                "not measured: PUSH_NOTIFY_TEST_POSTGRES is not set",
            ));
        } else {
            let (row, _) = compare(what("PostgreSQL"), &postgres, &theirs);
            let svix = match connections {
                16 => Some(">= 7x svix's 1.6k/s"),
                64 => Some(">= 12x svix's 1.6k/s"),
                _ => None,
            };
            table.push(match svix {
                Some(goal) => row.goal_elsewhere(goal, "svix is not here: context only"),
                None => row,
            });
        }
        if connections == 1 {
            latency(place, &run, &hmac, &sqlite, calm, table).await?;
        }
    }
    Ok(())
}

fn compare(what: String, ours: &[Round], theirs: &[f64]) -> (Row, Rounds) {
    let cpu = Rounds::new(ours.iter().map(|round| round.cpu_us)).median();
    let ours: Vec<f64> = ours
        .iter()
        .map(|round| round.outcome.per_second())
        .collect();
    let ratio = Rounds::ratio(&ours, theirs);
    let (mine, other) = (
        Rounds::new(ours).median(),
        Rounds::new(theirs.to_vec()).median(),
    );
    let measured = format!("{mine:.0}/s of {other:.0}/s HMAC-only; {cpu:.0} us CPU each");
    (Row::new(what, measured).ratio(&ratio), ratio)
}

struct Round {
    outcome: Outcome,
    /// CPU time of the server's process for one event.
    cpu_us: f64,
}

impl Round {
    async fn run(server: &Server, load: &Load) -> anyhow::Result<Self> {
        let before = server.process.cpu_seconds()?;
        let outcome = server.explain(load.run().await)?;
        let cpu = server.process.cpu_seconds()? - before;
        let cpu_us = cpu * 1e6 / outcome.answered.max(1) as f64;
        Ok(Self { outcome, cpu_us })
    }
}

/// The three servers at one number of connections.
struct Run {
    _hmac: Role,
    _never: Role,
    sqlite: (Server, Load),
    postgres: Option<(Server, Load)>,
    load: Load,
}

impl Run {
    async fn new(
        place: &Place,
        payloads: &Arc<Vec<Payload>>,
        connections: usize,
    ) -> anyhow::Result<Self> {
        let hmac = Role::start(hmac_only::ROLE).await?;
        let never = Role::start(far_side::ROLE).await?;
        let load = Load {
            address: hmac.address,
            path: "/webhook/0".to_owned(),
            payloads: payloads.clone(),
            connections,
            most: MOST,
            time: TIME,
        };
        let start = async |database: Option<&str>| {
            let settings = Settings {
                database,
                hold_pushes: true,
                ..Settings::default()
            };
            let server = Server::start(place, settings).await?;
            let repo = server
                .repo_with_target("press", never.address, far_side::NEVER)
                .await?;
            let load = Load {
                address: server.address,
                path: repo.path,
                ..load.clone()
            };
            anyhow::Ok((server, load))
        };
        let sqlite = start(None).await?;
        let postgres = match new_postgres_database().await? {
            Some(url) => Some(start(Some(&url)).await?),
            None => None,
        };
        Ok(Self {
            _hmac: hmac,
            _never: never,
            sqlite,
            postgres,
            load,
        })
    }

    /// Turn by turn, after a warm-up: HMAC-only, SQLite, PostgreSQL.
    async fn rounds(&self) -> anyhow::Result<(Vec<Outcome>, Vec<Round>, Vec<Round>)> {
        let (mut hmac, mut sqlite, mut postgres) = (vec![], vec![], vec![]);
        for number in 0..=ROUNDS {
            let theirs = self.load.run().await?;
            let (server, load) = &self.sqlite;
            let ours = Round::run(server, load).await?;
            let other = match &self.postgres {
                Some((server, load)) => Some(Round::run(server, load).await?),
                None => None,
            };
            if number > 0 {
                hmac.push(theirs);
                sqlite.push(ours);
                postgres.extend(other);
            }
        }
        Ok((hmac, sqlite, postgres))
    }
}

/// The answer at one connection, against what it cannot do without.
async fn latency(
    place: &Place,
    run: &Run,
    hmac: &[Outcome],
    sqlite: &[Round],
    calm: bool,
    table: &mut Table,
) -> anyhow::Result<()> {
    let plugin = receive_us(place).await?;
    let mut sums = Vec::new();
    let mut flushes = Vec::new();
    for theirs in hmac {
        let flush = flush_us(place)?;
        flushes.push(flush);
        sums.push(percentile(theirs, 0.5) + flush + plugin);
    }
    let ours: Vec<f64> = sqlite
        .iter()
        .map(|round| percentile(&round.outcome, 0.5))
        .collect();
    let ratio = Rounds::ratio(&ours, &sums);
    let median = |rounds: &[f64]| Rounds::new(rounds.to_vec()).median();
    let p99 = Rounds::new(sqlite.iter().map(|round| percentile(&round.outcome, 0.99))).median();
    let row = Row::new(
        "ack latency at 1 conn., SQLite",
        format!(
            "p50 {:.0} us, p99 {p99:.0} us; HMAC-only {:.0} + fdatasync {:.0} + plugin {plugin:.0} us",
            median(&ours),
            median(
                &hmac
                    .iter()
                    .map(|outcome| percentile(outcome, 0.5))
                    .collect::<Vec<_>>()
            ),
            median(&flushes),
        ),
    );
    table.push(
        row.ratio(&ratio)
            .goal(Goal::AtMost(1.0, "x of that sum (p50)"), &ratio, calm),
    );
    if let Some((server, load)) = &run.postgres {
        let outcome = server.explain(load.run().await)?;
        let (p50, p99) = (percentile(&outcome, 0.5), percentile(&outcome, 0.99));
        table.push(Row::new(
            "ack latency at 1 conn., PostgreSQL",
            format!("p50 {p50:.0} us, p99 {p99:.0} us"),
        ));
    }
    Ok(())
}

fn percentile(outcome: &Outcome, quantile: f64) -> f64 {
    Rounds::new(outcome.latencies_us.iter().copied()).at(quantile)
}

/// One row added to a file and flushed, on the disk that the database is on: the median of many.
fn flush_us(place: &Place) -> anyhow::Result<f64> {
    let directory = place.directory()?;
    let mut file = File::create(directory.path().join("rows"))?;
    let row = vec![b'x'; ROW_BYTES];
    let mut times = Vec::new();
    for _ in 0..200 {
        let started = Instant::now();
        file.write_all(&row)?;
        file.sync_data()?;
        times.push(started.elapsed().as_secs_f64() * 1e6);
    }
    Ok(Rounds::new(times).median())
}

/// A database of its own on the server that `tests/services.sh` started.
pub(super) async fn new_postgres_database() -> anyhow::Result<Option<String>> {
    let Ok(url) = std::env::var("PUSH_NOTIFY_TEST_POSTGRES") else {
        return Ok(None);
    };
    let mut url = url::Url::parse(&url).context("PUSH_NOTIFY_TEST_POSTGRES")?;
    let name = format!("bench_{:08x}", rand::random::<u32>());
    sqlx::any::install_default_drivers();
    let mut connection = sqlx::AnyConnection::connect(url.as_str()).await?;
    // A name of our own making.
    connection
        .execute(sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}")))
        .await?;
    connection.close().await?;
    url.set_path(&name);
    Ok(Some(url.into()))
}
