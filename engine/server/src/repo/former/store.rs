//! SQL on `former_webhook_secrets`.

use super::Entry;
use push_notify_core::{clock::Micros, id::RepoId};
use sqlx::{AnyConnection, AnyPool, Row as _};

/// A secret as it is stored.
pub struct Former {
    pub sealed: String,
    pub valid_until: Micros,
}

/// All that there are of a repository, also those that are over: the newest first.
pub async fn of_repo(pool: &AnyPool, repo_id: RepoId) -> Result<Vec<Former>, sqlx::Error> {
    let rows = sqlx::query(
        "SELECT secret, valid_until FROM former_webhook_secrets WHERE repo_id = $1 ORDER BY id DESC",
    )
    .bind(repo_id)
    .fetch_all(pool)
    .await?;
    rows.iter()
        .map(|row| {
            Ok(Former {
                sealed: row.try_get("secret")?,
                valid_until: row.try_get("valid_until")?,
            })
        })
        .collect()
}

/// Those that let deliveries in at `now`, the newest first.
pub async fn in_force(
    pool: &AnyPool,
    repo_id: RepoId,
    now: Micros,
) -> Result<Vec<Entry>, sqlx::Error> {
    let rows = sqlx::query(
        "SELECT replaced_at, valid_until FROM former_webhook_secrets
         WHERE repo_id = $1 AND valid_until > $2 ORDER BY id DESC",
    )
    .bind(repo_id)
    .bind(now)
    .fetch_all(pool)
    .await?;
    rows.iter()
        .map(|row| {
            Ok(Entry::new(
                row.try_get("replaced_at")?,
                row.try_get("valid_until")?,
            ))
        })
        .collect()
}

pub(super) async fn insert(
    connection: &mut AnyConnection,
    repo_id: RepoId,
    sealed: &str,
    replaced_at: Micros,
    valid_until: Micros,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO former_webhook_secrets (repo_id, secret, replaced_at, valid_until) VALUES ($1, $2, $3, $4)",
    )
    .bind(repo_id)
    .bind(sealed)
    .bind(replaced_at)
    .bind(valid_until)
    .execute(connection)
    .await?;
    Ok(())
}

/// From `now` on only the newest `kept` let deliveries in. Returns how many were ended.
pub async fn end_all_but(
    connection: &mut AnyConnection,
    repo_id: RepoId,
    kept: i64,
    now: Micros,
) -> Result<u64, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE former_webhook_secrets SET valid_until = $3
         WHERE repo_id = $1 AND valid_until > $3 AND id NOT IN (
            SELECT id FROM former_webhook_secrets WHERE repo_id = $1 ORDER BY id DESC LIMIT $2)",
    )
    .bind(repo_id)
    .bind(kept)
    .bind(now)
    .execute(connection)
    .await?;
    Ok(done.rows_affected())
}

/// Removes those that are over and that nothing parked may need.
pub async fn remove_over(connection: &mut AnyConnection, now: Micros) -> Result<u64, sqlx::Error> {
    let done = sqlx::query(
        "DELETE FROM former_webhook_secrets WHERE valid_until <= $1 AND NOT EXISTS (
            SELECT 1 FROM events e WHERE e.state = 'parked' AND e.repo_id = former_webhook_secrets.repo_id
                AND e.received_at < former_webhook_secrets.valid_until)",
    )
    .bind(now)
    .execute(connection)
    .await?;
    Ok(done.rows_affected())
}

/// All of a repository that is deleted.
pub(in crate::repo) async fn remove(
    connection: &mut AnyConnection,
    repo_id: RepoId,
) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM former_webhook_secrets WHERE repo_id = $1")
        .bind(repo_id)
        .execute(connection)
        .await?;
    Ok(())
}
