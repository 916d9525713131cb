//! SQL over several tables.

use super::overview::{Calls, Switched};
use sqlx::{AnyPool, Row as _};

/// How many there are of each, without the deleted ones.
pub(super) struct Counts {
    pub repos: Switched,
    pub targets: Switched,
    pub templates: Switched,
    pub models: Switched,
    pub prompts: i64,
    pub users: i64,
}

pub(super) async fn counts(pool: &AnyPool) -> Result<Counts, sqlx::Error> {
    let rows = sqlx::query(
        "SELECT 'repos' AS noun, COUNT(*) AS total, COUNT(CASE WHEN status = 'active' THEN 1 END) AS active
            FROM repos WHERE deleted_at IS NULL
         UNION ALL SELECT 'targets', COUNT(*), COUNT(CASE WHEN status = 'active' THEN 1 END)
            FROM targets WHERE deleted_at IS NULL
         UNION ALL SELECT 'templates', COUNT(*), COUNT(CASE WHEN status = 'active' THEN 1 END)
            FROM templates WHERE deleted_at IS NULL
         UNION ALL SELECT 'models', COUNT(*), COUNT(CASE WHEN status = 'active' THEN 1 END)
            FROM models WHERE deleted_at IS NULL
         UNION ALL SELECT 'prompts', COUNT(*), COUNT(*) FROM prompts WHERE deleted_at IS NULL
         UNION ALL SELECT 'users', COUNT(*), COUNT(*) FROM users WHERE deleted_at IS NULL",
    )
    .fetch_all(pool)
    .await?;
    let of = |noun: &str| {
        let row = rows.iter().find(|row| row.get::<String, _>("noun") == noun);
        row.map_or_else(Switched::default, |row| Switched {
            total: row.get("total"),
            active: row.get("active"),
        })
    };
    Ok(Counts {
        repos: of("repos"),
        targets: of("targets"),
        templates: of("templates"),
        models: of("models"),
        prompts: of("prompts").total,
        users: of("users").total,
    })
}

/// Of all time. The models count: the log's rows do not stay for ever.
pub(super) async fn calls(pool: &AnyPool) -> Result<Calls, sqlx::Error> {
    let row = sqlx::query(
        "SELECT CAST(COALESCE(SUM(success_count), 0) AS BIGINT) AS success,
            CAST(COALESCE(SUM(failed_count), 0) AS BIGINT) AS failed FROM models",
    )
    .fetch_one(pool)
    .await?;
    let (success, failed) = (row.try_get("success")?, row.try_get("failed")?);
    Ok(Calls {
        total: success + failed,
        success,
        failed,
    })
}
