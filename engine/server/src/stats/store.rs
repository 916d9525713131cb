//! SQL over several tables.

use super::overview::Switched;
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
