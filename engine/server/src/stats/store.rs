//! SQL over several tables.

use super::{
    overview::{Calls, Switched},
    usage::ModelUse,
};
use crate::{
    calendar::{Day, QUARTER_US},
    model::price::{Price, cost},
};
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

/// What each model was used for in all of `days`, which ascend; also those that are deleted by now.
pub(super) async fn by_model(pool: &AnyPool, days: &[Day]) -> Result<Vec<ModelUse>, sqlx::Error> {
    let (Some(first), Some(last)) = (days.first(), days.last()) else {
        return Ok(Vec::new());
    };
    let rows = sqlx::query(
        "SELECT m.id, m.name, m.input_price, m.output_price, c.calls, c.input_tokens, c.output_tokens
         FROM (SELECT model_id, COUNT(*) AS calls, CAST(SUM(input_tokens) AS BIGINT) AS input_tokens,
                CAST(SUM(output_tokens) AS BIGINT) AS output_tokens
            FROM ai_calls WHERE created_at >= $1 AND created_at < $2 GROUP BY model_id) c
         JOIN models m ON m.id = c.model_id ORDER BY m.id",
    )
    .bind(first.first * QUARTER_US)
    .bind(last.end * QUARTER_US)
    .fetch_all(pool)
    .await?;
    let used = |row: &sqlx::any::AnyRow| {
        let price = |column: &str| {
            let stored = row.try_get::<Option<i64>, _>(column)?;
            Ok::<_, sqlx::Error>(stored.map(Price::from_stored))
        };
        let (input_tokens, output_tokens) =
            (row.try_get("input_tokens")?, row.try_get("output_tokens")?);
        Ok(ModelUse {
            model_id: row.try_get("id")?,
            model_name: row.try_get("name")?,
            calls: row.try_get("calls")?,
            cost: cost(
                price("input_price")?,
                price("output_price")?,
                input_tokens,
                output_tokens,
            ),
            input_tokens,
            output_tokens,
        })
    };
    rows.iter().map(used).collect()
}
