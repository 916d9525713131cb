use super::{book::Saved, types::Owner};
use push_notify_core::id::RepoId;
use sqlx::{AnyConnection, AnyPool, AssertSqlSafe, Row as _};
use std::collections::HashMap;

pub(super) async fn all(pool: &AnyPool) -> Result<Vec<Saved>, sqlx::Error> {
    let rows = sqlx::query(
        "SELECT s.repo_id, s.stored_bytes, r.owner_id, r.team_id
         FROM repo_storage s LEFT JOIN repos r ON r.id = s.repo_id",
    )
    .fetch_all(pool)
    .await?;
    rows.iter()
        .map(|row| {
            Ok(Saved {
                repo_id: row.try_get("repo_id")?,
                bytes: row.try_get("stored_bytes")?,
                owner: Owner::of_columns(row.try_get("owner_id")?, row.try_get("team_id")?),
            })
        })
        .collect()
}

/// Adds to what the repositories use.
pub(super) async fn add(
    connection: &mut AnyConnection,
    more: &[(RepoId, i64)],
) -> Result<(), sqlx::Error> {
    for (repo_id, bytes) in more {
        sqlx::query(
            "INSERT INTO repo_storage (repo_id, stored_bytes) VALUES ($1, $2)
             ON CONFLICT (repo_id) DO UPDATE SET stored_bytes = repo_storage.stored_bytes + excluded.stored_bytes",
        )
        .bind(repo_id)
        .bind(bytes)
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

/// A table whose rows take up room.
pub(super) struct Table {
    name: &'static str,
    /// Bytes of a row.
    size: &'static str,
}

pub(super) const TABLES: [Table; 2] = [
    Table {
        name: "events",
        size: "OCTET_LENGTH(headers) + OCTET_LENGTH(body) + COALESCE(OCTET_LENGTH(event), 0)",
    },
    Table {
        name: "pushes",
        // `PUSH_BYTES` first.
        size: "1024 + COALESCE(OCTET_LENGTH(title), 0) + COALESCE(OCTET_LENGTH(body), 0)",
    },
];

/// The highest id.
pub(super) async fn last(pool: &AnyPool, table: &Table) -> Result<i64, sqlx::Error> {
    let sql = format!("SELECT COALESCE(MAX(id), 0) FROM {}", table.name);
    sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(pool).await
}

/// Counts at most `most` rows behind the id `after`, up to `last`. Returns the last id. None: there
/// are no more.
pub(super) async fn count(
    pool: &AnyPool,
    table: &Table,
    (after, last): (i64, i64),
    most: usize,
    counted: &mut HashMap<RepoId, i64>,
) -> Result<Option<i64>, sqlx::Error> {
    let Table { name, size } = table;
    let sql = format!(
        "SELECT id, repo_id, CAST({size} AS BIGINT) AS bytes FROM {name} WHERE id > $1 AND id <= $2 ORDER BY id LIMIT {most}"
    );
    let rows = sqlx::query(AssertSqlSafe(sql))
        .bind(after)
        .bind(last)
        .fetch_all(pool)
        .await?;
    for row in &rows {
        let repo_id: RepoId = row.try_get("repo_id")?;
        if repo_id.get() > 0 {
            *counted.entry(repo_id).or_default() += row.try_get::<i64, _>("bytes")?;
        }
    }
    rows.last().map(|row| row.try_get("id")).transpose()
}
