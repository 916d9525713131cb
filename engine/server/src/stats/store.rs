//! SQL over several tables.

use super::{
    overview::{Calls, Switched},
    usage::ModelUse,
};
use crate::{
    model::price::{Price, cost},
    owner::{
        Sight,
        store::{AI_CALLS, PROMPTS, REPOS, TARGETS, TEMPLATES},
    },
};
use push_notify_core::{
    calendar::{self, Day, QUARTER_US},
    id::UserId,
};
use push_notify_db::list::Filter;
use sqlx::{AnyPool, AssertSqlSafe, Row as _};

/// How many there are of each, without the deleted ones.
pub(super) struct Counts {
    pub repos: Switched,
    pub targets: Switched,
    pub templates: Switched,
    pub models: Switched,
    pub prompts: i64,
    pub users: i64,
}

pub(super) async fn counts(pool: &AnyPool, sight: Sight) -> Result<Counts, sqlx::Error> {
    // All of them have the one value.
    let own = |condition: &'static str| Filter::default().and(condition, sight.only());
    let filters = [REPOS, TARGETS, TEMPLATES, PROMPTS].map(|condition| {
        let filter = own(condition).always("deleted_at IS NULL");
        filter.sql()
    });
    let [repos, targets, templates, prompts] = filters;
    let sql = format!(
        "SELECT 'repos' AS noun, COUNT(*) AS total, COUNT(CASE WHEN status = 'active' THEN 1 END) AS active FROM repos r{repos}
         UNION ALL SELECT 'targets', COUNT(*), COUNT(CASE WHEN status = 'active' THEN 1 END) FROM targets t{targets}
         UNION ALL SELECT 'templates', COUNT(*), COUNT(CASE WHEN status = 'active' THEN 1 END) FROM templates m{templates}
         UNION ALL SELECT 'models', COUNT(*), COUNT(CASE WHEN status = 'active' THEN 1 END)
            FROM models WHERE deleted_at IS NULL
         UNION ALL SELECT 'prompts', COUNT(*), COUNT(*) FROM prompts p{prompts}
         UNION ALL SELECT 'users', COUNT(*), COUNT(*) FROM users WHERE deleted_at IS NULL"
    );
    let query = own(REPOS).bind(sqlx::query(AssertSqlSafe(sql)));
    let rows = query.fetch_all(pool).await?;
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

/// Of all time. The models count: the log's rows do not stay for ever. For whoever sees their own
/// only, those of the log count that their repositories made.
pub(super) async fn calls(pool: &AnyPool, sight: Sight) -> Result<Calls, sqlx::Error> {
    if let Some(user_id) = sight.only() {
        let filter = Filter::default().and(AI_CALLS, Some(user_id));
        let sql = format!(
            "SELECT c.status, COUNT(*) AS entries FROM ai_calls c{} GROUP BY c.status",
            filter.sql()
        );
        let mut calls = Calls::default();
        let query = filter.bind(sqlx::query(AssertSqlSafe(sql)));
        for row in query.fetch_all(pool).await? {
            let status: String = row.try_get("status")?;
            calls.add(&status, row.try_get("entries")?);
        }
        return Ok(calls);
    }
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

/// Of `ai_calls c` in all of `days`, which ascend, what somebody sees. None: there are no days.
fn calls_in(days: &[Day], sight: Sight) -> Option<Filter> {
    let filter = Filter::default()
        .and("c.created_at >= ?", Some(days.first()?.first * QUARTER_US))
        .and("c.created_at < ?", Some(days.last()?.end * QUARTER_US))
        .and(AI_CALLS, sight.only());
    Some(filter)
}

/// The calls of each day that the user's repositories made, and their tokens.
pub(super) async fn calls_seen(
    pool: &AnyPool,
    days: &[Day],
    user_id: UserId,
) -> Result<(Vec<Calls>, Vec<i64>), sqlx::Error> {
    let mut calls = vec![Calls::default(); days.len()];
    let mut tokens = vec![0; days.len()];
    let Some(filter) = calls_in(days, Sight::Own(user_id)) else {
        return Ok((calls, tokens));
    };
    let sql = format!(
        "SELECT c.created_at / {QUARTER_US} AS quarter, c.status, COUNT(*) AS entries,
            CAST(SUM(c.input_tokens + c.output_tokens) AS BIGINT) AS tokens
         FROM ai_calls c{} GROUP BY 1, 2",
        filter.sql()
    );
    let query = filter.bind(sqlx::query(AssertSqlSafe(sql)));
    for row in query.fetch_all(pool).await? {
        let status: String = row.try_get("status")?;
        let Some(place) = calendar::place(days, row.try_get("quarter")?) else {
            continue;
        };
        if let (Some(calls), Some(tokens)) = (calls.get_mut(place), tokens.get_mut(place)) {
            calls.add(&status, row.try_get("entries")?);
            *tokens += row.try_get::<i64, _>("tokens")?;
        }
    }
    Ok((calls, tokens))
}

/// What each model was used for in all of `days`, which ascend; also those that are deleted by now.
pub(super) async fn by_model(
    pool: &AnyPool,
    days: &[Day],
    sight: Sight,
) -> Result<Vec<ModelUse>, sqlx::Error> {
    let Some(filter) = calls_in(days, sight) else {
        return Ok(Vec::new());
    };
    let sql = format!(
        "SELECT m.id, m.name, m.input_price, m.output_price, s.calls, s.input_tokens, s.output_tokens
         FROM (SELECT c.model_id, COUNT(*) AS calls, CAST(SUM(c.input_tokens) AS BIGINT) AS input_tokens,
                CAST(SUM(c.output_tokens) AS BIGINT) AS output_tokens
            FROM ai_calls c{} GROUP BY c.model_id) s
         JOIN models m ON m.id = s.model_id ORDER BY m.id",
        filter.sql()
    );
    let query = filter.bind(sqlx::query(AssertSqlSafe(sql)));
    let rows = query.fetch_all(pool).await?;
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
