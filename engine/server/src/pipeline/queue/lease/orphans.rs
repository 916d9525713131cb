//! The SQL that ends the leases of a server: what it held is due at once, not only when they end by
//! themselves.

use crate::{app::App, push::state::PENDING};
use push_notify_core::id::PushId;
use push_notify_db::{Dialect, NODES, list::among};
use sqlx::{AnyConnection, AssertSqlSafe, Row as _};

/// Rows of one statement.
const CHUNK: usize = 500;

/// Ends the leases of the server with this number. Returns how many pushes and reviews.
pub(in crate::pipeline) async fn release(
    app: &App,
    connection: &mut AnyConnection,
    number: i64,
) -> Result<u64, sqlx::Error> {
    let now = app.clock.now_us();
    let pushes = pushes(app, connection, number, now).await?;
    Ok(pushes + reviews(connection, number, now).await?)
}

/// From partition to partition, as a claim looks for work: a million pushes that wait are not read.
async fn pushes(
    app: &App,
    connection: &mut AnyConnection,
    number: i64,
    now: i64,
) -> Result<u64, sqlx::Error> {
    let lease_us = app.config.delivery.lease_seconds as i64 * 1_000_000;
    let rows = sqlx::query(AssertSqlSafe(held_sql(app.db.dialect())))
        .bind(now)
        .bind(now + lease_us)
        .bind(NODES)
        .fetch_all(&mut *connection)
        .await?;
    let held = rows
        .iter()
        .filter(|row| row.get::<i64, _>("node") == number)
        .map(|row| row.get("id"));
    let held: Vec<PushId> = held.collect();
    let mut released = 0;
    for ids in held.chunks(CHUNK) {
        let sql = format!(
            "UPDATE pushes SET run_at = created_at
             WHERE {} AND {PENDING} AND run_at > $1 AND lease % $2 = $3",
            among("id", ids.iter().copied())
        );
        released += sqlx::query(AssertSqlSafe(sql))
            .persistent(false)
            .bind(now)
            .bind(NODES)
            .bind(number)
            .execute(&mut *connection)
            .await?
            .rows_affected();
    }
    Ok(released)
}

/// A lease ends at most as long from now as leases last, so nothing further ahead is held.
fn held_sql(dialect: Dialect) -> String {
    let held = match dialect {
        Dialect::Sqlite => format!(
            "push_queue p WHERE p.{PENDING} AND p.target_id = partition.target_id AND p.repo_id = partition.repo_id
                 AND p.run_at > $1 AND p.run_at <= $2 AND p.lease IS NOT NULL"
        ),
        // OFFSET 0: not to be turned into a join that reads the whole table.
        Dialect::Postgres => format!(
            "LATERAL (SELECT id, lease FROM push_queue WHERE {PENDING} AND target_id = partition.target_id
                 AND repo_id = partition.repo_id AND run_at > $1 AND run_at <= $2 AND lease IS NOT NULL OFFSET 0) p"
        ),
    };
    format!(
        "WITH RECURSIVE t (id) AS (
             SELECT (SELECT MIN(target_id) FROM push_queue WHERE {PENDING})
             UNION ALL
             SELECT (SELECT MIN(target_id) FROM push_queue WHERE {PENDING} AND target_id > t.id) FROM t
             WHERE t.id IS NOT NULL),
         partition (target_id, repo_id) AS (
             SELECT id, (SELECT MIN(p.repo_id) FROM push_queue p
                 WHERE p.{PENDING} AND p.target_id = t.id) FROM t WHERE id IS NOT NULL
             UNION ALL
             SELECT target_id, (SELECT MIN(p.repo_id) FROM push_queue p
                 WHERE p.{PENDING} AND p.target_id = partition.target_id AND p.repo_id > partition.repo_id) FROM partition
             WHERE repo_id IS NOT NULL)
         SELECT p.id, p.lease % $3 AS node FROM partition CROSS JOIN {held}"
    )
}

async fn reviews(
    connection: &mut AnyConnection,
    number: i64,
    now: i64,
) -> Result<u64, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE reviews SET run_at = created_at
         WHERE step IS NOT NULL AND lease IS NOT NULL AND run_at > $1 AND lease % $2 = $3",
    )
    .bind(now)
    .bind(NODES)
    .bind(number)
    .execute(connection)
    .await?;
    Ok(done.rows_affected())
}
