use crate::push::state::ended;
use push_notify_core::{clock::Micros, id::PushId};
use push_notify_db::{list::among, rows::MOST};
use sqlx::{AnyConnection, AnyPool, AssertSqlSafe, Row as _};
use std::collections::HashMap;

/// What waits or is being sent is left alone.
const ENDED: &str = concat!(ended!(), " AND lease IS NULL");

/// Deletes those that have ended, with their attempts; with `before` only those created earlier.
/// Returns their ids.
pub async fn delete(
    connection: &mut AnyConnection,
    ids: &[PushId],
    before: Option<Micros>,
) -> Result<Vec<PushId>, sqlx::Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!(
        "DELETE FROM pushes WHERE {} AND created_at < $1 AND {ENDED} RETURNING id",
        among("id", ids.iter().copied())
    );
    let mut deleted: Vec<PushId> = sqlx::query_scalar(AssertSqlSafe(sql))
        .bind(before.unwrap_or(Micros::MAX))
        .persistent(false)
        .fetch_all(&mut *connection)
        .await?;
    if !deleted.is_empty() {
        let sql = format!(
            "DELETE FROM push_attempts WHERE {}",
            among("push_id", deleted.iter().copied())
        );
        sqlx::query(AssertSqlSafe(sql))
            .persistent(false)
            .execute(connection)
            .await?;
    }
    deleted.sort_unstable();
    Ok(deleted)
}

/// Those of `ids` that are there, with the time of their creation.
pub async fn existing(
    connection: &mut AnyConnection,
    ids: &[PushId],
) -> Result<HashMap<PushId, Micros>, sqlx::Error> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let sql = format!(
        "SELECT id, created_at FROM pushes WHERE {}",
        among("id", ids.iter().copied())
    );
    let rows = sqlx::query(AssertSqlSafe(sql))
        .persistent(false)
        .fetch_all(connection)
        .await?;
    rows.iter()
        .map(|row| Ok((row.try_get("id")?, row.try_get("created_at")?)))
        .collect()
}

/// A point in the order in which [`ended_before`] goes: time of creation and id.
pub type Mark = (Micros, PushId);

/// As many as one statement deletes of those that ended and were created before `before`: the
/// oldest behind `mark`, and the mark behind them. None: there are no more.
pub async fn ended_before(
    pool: &AnyPool,
    before: Micros,
    mark: Mark,
) -> Result<Option<(Vec<PushId>, Mark)>, sqlx::Error> {
    let sql = format!(
        "SELECT id, created_at FROM pushes
         WHERE created_at < $1 AND created_at >= $2 AND (created_at > $2 OR id > $3) AND {ENDED}
         ORDER BY created_at, id LIMIT {MOST}"
    );
    let rows = sqlx::query(AssertSqlSafe(sql))
        .bind(before)
        .bind(mark.0)
        .bind(mark.1)
        .fetch_all(pool)
        .await?;
    let Some(last) = rows.last() else {
        return Ok(None);
    };
    let mark = (last.try_get("created_at")?, last.try_get("id")?);
    let ids = rows.iter().map(|row| row.try_get("id"));
    Ok(Some((ids.collect::<Result<_, _>>()?, mark)))
}
