use crate::push::state::{PARKED, PENDING};
use sqlx::{AnyPool, AssertSqlSafe};

/// Rows are counted up to so many: a page must not cost more the more waits.
pub(super) const MOST: i64 = 100_000;

pub(super) async fn due(pool: &AnyPool, now: i64) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar(
        AssertSqlSafe(format!("SELECT COUNT(*) FROM (SELECT 1 FROM push_queue WHERE {PENDING} AND run_at <= $1 LIMIT $2) AS due")),
    )
    .bind(now)
    .bind(MOST)
    .fetch_one(pool)
    .await
}

/// A lease ends at `run_at`, within `lease_us` from when it was taken.
pub(super) async fn leased(pool: &AnyPool, now: i64, lease_us: i64) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar(
        AssertSqlSafe(format!("SELECT COUNT(lease) FROM (SELECT lease FROM push_queue WHERE {PENDING} AND run_at > $1 AND run_at <= $2
            LIMIT $3) AS soon")),
    )
    .bind(now)
    .bind(now + lease_us)
    .bind(MOST)
    .fetch_one(pool)
    .await
}

pub(super) async fn parked_pushes(pool: &AnyPool) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar(AssertSqlSafe(format!(
        "SELECT COUNT(*) FROM (SELECT 1 FROM push_queue WHERE {PARKED} LIMIT $1) AS parked"
    )))
    .bind(MOST)
    .fetch_one(pool)
    .await
}

pub(super) async fn parked_events(pool: &AnyPool) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar(
        "SELECT COUNT(*) FROM (SELECT 1 FROM events WHERE state = 'parked' LIMIT $1) AS parked",
    )
    .bind(MOST)
    .fetch_one(pool)
    .await
}

/// Reviews that are to be made or shown.
pub(super) async fn open_reviews(pool: &AnyPool) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar(
        "SELECT COUNT(*) FROM (SELECT 1 FROM reviews WHERE step IS NOT NULL LIMIT $1) AS open",
    )
    .bind(MOST)
    .fetch_one(pool)
    .await
}
