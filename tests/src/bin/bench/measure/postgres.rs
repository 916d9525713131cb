use anyhow::Context as _;
use sqlx::{AnyConnection, Connection as _, Row as _};
use std::fs;

/// What the kernel counts CPU time in, seconds: the same on every Linux.
const TICK: f64 = 0.01;

/// A PostgreSQL on this machine, asked about itself.
pub(super) struct Postgres(AnyConnection);

impl Postgres {
    pub(super) async fn connect(database: &str) -> anyhow::Result<Self> {
        let connection = AnyConnection::connect(database).await;
        connection.map(Self).context("cannot connect to PostgreSQL")
    }

    /// CPU time of the processes that it has now, in seconds.
    pub(super) async fn cpu_seconds(&mut self) -> anyhow::Result<f64> {
        let processes: Vec<i32> = sqlx::query_scalar("SELECT pid FROM pg_stat_activity")
            .fetch_all(&mut self.0)
            .await?;
        let ticks = processes.iter().filter_map(|id| {
            let stat = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
            let (_, fields) = stat.rsplit_once(')')?;
            let mut fields = fields.split_whitespace().skip(11);
            let user: f64 = fields.next()?.parse().ok()?;
            let system: f64 = fields.next()?.parse().ok()?;
            Some(user + system)
        });
        Ok(ticks.sum::<f64>() * TICK)
    }

    /// What it read and wrote for the pushes, which no other load on the machine changes.
    pub(super) async fn summary(&mut self) -> anyhow::Result<String> {
        let row = sqlx::query(
            "SELECT n_tup_ins, n_tup_upd, n_tup_hot_upd, seq_tup_read, idx_tup_fetch FROM pg_stat_user_tables
             WHERE relname = 'pushes'",
        )
        .fetch_one(&mut self.0)
        .await?;
        let [pushes, updates, in_place, by_scan, by_index] =
            [0, 1, 2, 3, 4].map(|column| row.try_get::<i64, _>(column).unwrap_or_default() as f64);
        Ok(format!(
            "PostgreSQL's table of pushes: {pushes:.0} rows, of each {:.2} read by scans and {:.2} by indexes; {updates:.0} updates, \
             {:.0} % of which touched no index",
            by_scan / pushes.max(1.0),
            by_index / pushes.max(1.0),
            100.0 * in_place / updates.max(1.0)
        ))
    }
}
