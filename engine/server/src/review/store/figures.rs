use super::decision;
use crate::{
    owner::{Sight, store::REVIEWS},
    review::Figures,
};
use push_notify_db::list::Filter;
use sqlx::{AnyPool, AssertSqlSafe, Row as _};

/// Over the newest reviews only, so that it does not grow with the table. What takes long to read
/// of a row comes after its texts: averages are of fewer.
pub async fn figures(pool: &AnyPool, sight: Sight) -> Result<Figures, sqlx::Error> {
    let mut figures = Figures::default();
    let filter = Filter::default().and(REVIEWS, sight.only());
    let own = filter.sql();
    let sql = format!(
        "SELECT state, decision, COUNT(*) AS entries
         FROM (SELECT v.state, v.decision FROM reviews v{own} ORDER BY v.created_at DESC, v.id DESC LIMIT 10000) newest
         GROUP BY state, decision"
    );
    let query = filter.bind(sqlx::query(AssertSqlSafe(sql)));
    let rows = query.fetch_all(pool).await?;
    for row in &rows {
        figures.add(
            row.try_get("state")?,
            decision(row)?,
            row.try_get("entries")?,
        );
    }
    // What has another's result took neither time nor tokens.
    let sql = format!(
        "SELECT CAST(AVG(completed_at - started_at) / 1000 AS BIGINT) AS ms,
            CAST(AVG(input_tokens + output_tokens) AS BIGINT) AS tokens
         FROM (SELECT started_at, completed_at, input_tokens, output_tokens FROM (
                SELECT v.state, v.same_as, v.started_at, v.completed_at, v.input_tokens, v.output_tokens FROM reviews v{own}
                ORDER BY v.created_at DESC, v.id DESC LIMIT 1000) newest
            WHERE state = 'completed' AND same_as IS NULL) asked"
    );
    let query = filter.bind(sqlx::query(AssertSqlSafe(sql)));
    let row = query.fetch_one(pool).await?;
    figures.avg_review_ms = row.try_get("ms")?;
    figures.avg_review_tokens = row.try_get("tokens")?;
    Ok(figures)
}
