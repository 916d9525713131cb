//! At the start: what servers held that no longer live is due at once, not only when their leases end.

use super::queue::list;
use crate::{
    app::App,
    db::{Dialect, NODES},
};
use sqlx::{AssertSqlSafe, Row as _};
use std::collections::BTreeMap;

/// Rows of one statement.
const CHUNK: usize = 500;

/// Returns how many pushes and reviews.
pub async fn recover(app: &App) -> Result<u64, sqlx::Error> {
    Ok(pushes(app).await? + reviews(app).await?)
}

/// From lot to lot, as a claim looks for work: a million pushes that wait are not read.
async fn pushes(app: &App) -> Result<u64, sqlx::Error> {
    let now = app.clock.now_us();
    let lease_us = app.config.delivery.lease_seconds as i64 * 1_000_000;
    let rows = sqlx::query(held_sql(app.db.dialect()))
        .bind(now)
        .bind(now + lease_us)
        .bind(NODES)
        .fetch_all(app.db.read())
        .await?;
    let mut held: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
    for row in rows {
        held.entry(row.get("node")).or_default().push(row.get("id"));
    }
    let mut recovered = 0;
    for (node, ids) in held {
        if !app.db.is_dead(node).await? {
            continue;
        }
        for ids in ids.chunks(CHUNK) {
            let sql = format!(
                "UPDATE pushes SET run_at = created_at
                 WHERE id IN ({}) AND state = 'pending' AND run_at > $1 AND lease % $2 = $3",
                list(ids.iter().copied())
            );
            recovered += sqlx::query(AssertSqlSafe(sql))
                .persistent(false)
                .bind(now)
                .bind(NODES)
                .bind(node)
                .execute(app.db.write())
                .await?
                .rows_affected();
        }
    }
    Ok(recovered)
}

/// A lease ends at most as long from now as leases last, so nothing further ahead is held.
fn held_sql(dialect: Dialect) -> &'static str {
    macro_rules! lots {
        ($rest:literal) => {
            concat!(
                "WITH RECURSIVE t (id) AS (
                     SELECT (SELECT MIN(target_id) FROM pushes WHERE state = 'pending')
                     UNION ALL
                     SELECT (SELECT MIN(target_id) FROM pushes WHERE state = 'pending' AND target_id > t.id) FROM t
                     WHERE t.id IS NOT NULL),
                 lot (target_id, repo_id) AS (
                     SELECT id, (SELECT MIN(p.repo_id) FROM pushes p
                         WHERE p.state = 'pending' AND p.target_id = t.id) FROM t WHERE id IS NOT NULL
                     UNION ALL
                     SELECT target_id, (SELECT MIN(p.repo_id) FROM pushes p
                         WHERE p.state = 'pending' AND p.target_id = lot.target_id AND p.repo_id > lot.repo_id) FROM lot
                     WHERE repo_id IS NOT NULL)
                 SELECT p.id, p.lease % $3 AS node FROM lot CROSS JOIN ",
                $rest
            )
        };
    }
    match dialect {
        Dialect::Sqlite => lots!(
            "pushes p WHERE p.state = 'pending' AND p.target_id = lot.target_id AND p.repo_id = lot.repo_id
                 AND p.run_at > $1 AND p.run_at <= $2 AND p.lease IS NOT NULL"
        ),
        // OFFSET 0: not to be turned into a join that reads the whole table.
        Dialect::Postgres => lots!(
            "LATERAL (SELECT id, lease FROM pushes WHERE state = 'pending' AND target_id = lot.target_id
                 AND repo_id = lot.repo_id AND run_at > $1 AND run_at <= $2 AND lease IS NOT NULL OFFSET 0) p"
        ),
    }
}

async fn reviews(app: &App) -> Result<u64, sqlx::Error> {
    const HELD: &str = "step IS NOT NULL AND lease IS NOT NULL AND run_at > $1";
    let now = app.clock.now_us();
    let nodes = format!("SELECT DISTINCT lease % $2 FROM reviews WHERE {HELD}");
    let nodes: Vec<i64> = sqlx::query_scalar(AssertSqlSafe(nodes))
        .bind(now)
        .bind(NODES)
        .fetch_all(app.db.read())
        .await?;
    let mut recovered = 0;
    for node in nodes {
        if app.db.is_dead(node).await? {
            let sql =
                format!("UPDATE reviews SET run_at = created_at WHERE {HELD} AND lease % $2 = $3");
            recovered += sqlx::query(AssertSqlSafe(sql))
                .bind(now)
                .bind(NODES)
                .bind(node)
                .execute(app.db.write())
                .await?
                .rows_affected();
        }
    }
    Ok(recovered)
}
