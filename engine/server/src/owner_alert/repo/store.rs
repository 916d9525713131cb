//! SQL on `repo_rests`. That a repository rests is written where that is found out, in `pipeline/`.

use crate::settings::Settings;
use push_notify_core::{
    clock::{DAY_US, Micros},
    id::RepoId,
};
use sqlx::{AnyPool, FromRow, Row as _, any::AnyRow};

/// Of one look.
const MOST: i64 = 100;

/// A repository that rests, and of which nobody was told.
#[derive(Debug, Clone)]
pub(super) struct Resting {
    pub repo_id: RepoId,
    pub name: String,
    pub since: Micros,
    pub reason: String,
}

/// Somebody to tell.
pub(super) struct Person {
    pub email: String,
    pub settings: Settings,
}

impl FromRow<'_, AnyRow> for Resting {
    fn from_row(row: &AnyRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            repo_id: row.try_get("repo_id")?,
            name: row.try_get("name")?,
            since: row.try_get("since")?,
            reason: row.try_get("reason")?,
        })
    }
}

impl FromRow<'_, AnyRow> for Person {
    fn from_row(row: &AnyRow) -> Result<Self, sqlx::Error> {
        let settings: Option<String> = row.try_get("settings")?;
        Ok(Self {
            email: row.try_get("email")?,
            settings: Settings::from_stored(settings.as_deref()),
        })
    }
}

/// Those that nobody is about to tell of.
pub(super) async fn untold(pool: &AnyPool, now: Micros) -> Result<Vec<Resting>, sqlx::Error> {
    sqlx::query_as(
        "SELECT h.repo_id, r.name, h.since, h.reason FROM repo_rests h JOIN repos r ON r.id = h.repo_id AND r.deleted_at IS NULL
         WHERE h.told_at IS NULL AND COALESCE(h.telling_until, 0) <= $1 ORDER BY h.since LIMIT $2",
    )
    .bind(now)
    .bind(MOST)
    .fetch_all(pool)
    .await
}

/// Its owner, or the members of the team that it belongs to.
pub(super) async fn people(pool: &AnyPool, repo_id: RepoId) -> Result<Vec<Person>, sqlx::Error> {
    sqlx::query_as(
        "SELECT u.email, u.settings FROM repos r
            JOIN users u ON u.id = r.owner_id
                OR u.id IN (SELECT m.user_id FROM team_members m WHERE m.team_id = r.team_id)
         WHERE r.id = $1 AND u.status = 'active' AND u.deleted_at IS NULL ORDER BY u.id LIMIT $2",
    )
    .bind(repo_id)
    .bind(MOST)
    .fetch_all(pool)
    .await
}

/// Whether it is ours to tell, until `until`.
pub(super) async fn claim(
    pool: &AnyPool,
    resting: &Resting,
    now: Micros,
    until: Micros,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE repo_rests SET telling_until = $3
         WHERE repo_id = $1 AND since = $2 AND told_at IS NULL AND COALESCE(telling_until, 0) <= $4",
    )
    .bind(resting.repo_id)
    .bind(resting.since)
    .bind(until)
    .bind(now)
    .execute(pool)
    .await?;
    Ok(done.rows_affected() == 1)
}

pub(super) async fn told(
    pool: &AnyPool,
    resting: &Resting,
    now: Micros,
) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE repo_rests SET told_at = $3, telling_until = NULL WHERE repo_id = $1 AND since = $2")
        .bind(resting.repo_id)
        .bind(resting.since)
        .bind(now)
        .execute(pool)
        .await?;
    Ok(())
}

/// What is a day old: if it happens again by then, it is told again.
pub(super) async fn forget(pool: &AnyPool, now: Micros) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM repo_rests WHERE told_at < $1")
        .bind(now - DAY_US)
        .execute(pool)
        .await?;
    Ok(())
}
