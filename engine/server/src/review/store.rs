//! SQL on `reviews`, for the API.

mod figures;
mod retry;

pub use figures::figures;
pub use retry::{restart, standing};

use super::{Codeview, Detail, Entry, Status, detail::OfPrompt, entry::OfRepo};
use crate::model::price::{Price, cost};
use push_notify_core::{
    clock::{Micros, rfc3339},
    id::{EventId, PromptId, ReviewId},
};
use push_notify_db::{
    list::{Filter, Listing},
    page::{Page, Total},
};
use push_notify_review::{Coverage, Decision, Issue, ReviewSettings, words::Came};
use serde::de::DeserializeOwned;
use sqlx::{AnyPool, AssertSqlSafe, Row as _, any::AnyRow};

const COLUMNS: &str = "v.id, v.repo_id, r.name AS repo_name, v.kind, v.number, v.title, v.author, v.branch, v.url, v.head_sha,
    v.state, v.lease, v.reason, v.same_as, v.decision, v.score, SUBSTR(v.summary, 1, 300) AS summary, v.issue_count, v.model,
    v.input_tokens, v.output_tokens, v.started_at, v.completed_at, v.triggered_by, v.publication, v.created_at";
const JOINS: &str = "LEFT JOIN repos r ON r.id = v.repo_id";
/// As many pushes as a review shows.
const MOST_PUSHES: i64 = 500;

/// One page, and how many there are in all. `filter` is on `v`.
pub async fn list(
    pool: &AnyPool,
    filter: &Filter,
    page: &Page,
) -> Result<(Vec<Entry>, Total), sqlx::Error> {
    let listing = Listing {
        table: "reviews v",
        key: "v.id",
        columns: COLUMNS,
        joins: JOINS,
    };
    filter.page(pool, &listing, page, entry).await
}

pub async fn find(pool: &AnyPool, id: ReviewId) -> Result<Option<Detail>, sqlx::Error> {
    let sql = format!(
        "SELECT {COLUMNS}, v.summary AS whole_summary, v.issues, v.coverage, v.fallbacks, v.prompt_id, p.name AS prompt_name,
            v.model_id, v.attempts, v.publication_reason, m.input_price, m.output_price
         FROM reviews v {JOINS} LEFT JOIN prompts p ON p.id = v.prompt_id LEFT JOIN models m ON m.id = v.model_id
         WHERE v.id = $1"
    );
    let row = sqlx::query(AssertSqlSafe(sql))
        .bind(id)
        .fetch_optional(pool)
        .await?;
    let Some(row) = row else { return Ok(None) };
    let pushes = "SELECT id FROM pushes WHERE event_id = $1 ORDER BY id LIMIT $2";
    let pushes = sqlx::query_scalar(pushes)
        .bind(id)
        .bind(MOST_PUSHES)
        .fetch_all(pool)
        .await?;
    let issues: Vec<Issue> = json(&row, "issues")?.unwrap_or_default();
    let price = |column: &str| {
        Ok::<_, sqlx::Error>(
            row.try_get::<Option<i64>, _>(column)?
                .map(Price::from_stored),
        )
    };
    let prompt_name: Option<String> = row.try_get("prompt_name")?;
    let prompt_id: Option<PromptId> = row.try_get("prompt_id")?;
    Ok(Some(Detail {
        comments: issues.into_iter().map(Into::into).collect(),
        coverage: json::<Coverage>(&row, "coverage")?,
        prompt: prompt_id.map(|id| OfPrompt {
            id,
            name: prompt_name,
        }),
        model_id: row.try_get("model_id")?,
        fallbacks: json(&row, "fallbacks")?.unwrap_or_default(),
        cost: cost(
            price("input_price")?,
            price("output_price")?,
            row.try_get("input_tokens")?,
            row.try_get("output_tokens")?,
        ),
        input_tokens: row.try_get("input_tokens")?,
        output_tokens: row.try_get("output_tokens")?,
        attempts: row.try_get("attempts")?,
        publication_reason: row.try_get("publication_reason")?,
        pushes,
        started_at: time(&row, "started_at")?,
        entry: Entry {
            summary: row.try_get("whole_summary")?,
            ..entry(&row)?
        },
    }))
}

/// What pushes show of the review of their event.
pub async fn codeview(pool: &AnyPool, event_id: EventId) -> Result<Option<Codeview>, sqlx::Error> {
    let row = sqlx::query(
        "SELECT v.state, v.decision, v.reason, v.issues, v.coverage, v.summary, r.review
         FROM reviews v LEFT JOIN repos r ON r.id = v.repo_id WHERE v.id = $1",
    )
    .bind(event_id)
    .fetch_optional(pool)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let settings: ReviewSettings = json(&row, "review")?.unwrap_or_default();
    let issues: Vec<Issue> = json(&row, "issues")?.unwrap_or_default();
    let coverage: Coverage = json(&row, "coverage")?.unwrap_or_default();
    let (state, reason): (String, Option<String>) = (row.try_get("state")?, row.try_get("reason")?);
    let came = Came {
        state: &state,
        decision: decision(&row)?,
        issues: issues.len(),
        reason: reason.as_deref(),
        is_cut: coverage.cut,
    };
    let summary = row.try_get("summary")?;
    Ok(Some(Codeview::new(
        came,
        issues,
        summary,
        settings.language,
    )))
}

fn entry(row: &AnyRow) -> Result<Entry, sqlx::Error> {
    let id = row.try_get("id")?;
    let leased = row.try_get::<Option<i64>, _>("lease")?.is_some();
    let micros = |column: &str| row.try_get::<Option<Micros>, _>(column);
    let lasted = micros("started_at")?.zip(micros("completed_at")?);
    Ok(Entry {
        id,
        event_id: id.event(),
        repo: OfRepo {
            id: row.try_get("repo_id")?,
            name: row.try_get("repo_name")?,
        },
        kind: row.try_get("kind")?,
        number: row.try_get("number")?,
        title: row.try_get("title")?,
        author: row.try_get("author")?,
        branch: row.try_get("branch")?,
        url: row.try_get("url")?,
        head_sha: row.try_get("head_sha")?,
        status: Status::of_state(row.try_get("state")?, leased),
        reason: row.try_get("reason")?,
        same_as: row.try_get("same_as")?,
        decision: decision(row)?,
        score: row.try_get("score")?,
        summary: row.try_get("summary")?,
        comments_count: row.try_get("issue_count")?,
        model: row.try_get("model")?,
        tokens_used: row.try_get::<i64, _>("input_tokens")?
            + row.try_get::<i64, _>("output_tokens")?,
        duration_ms: lasted.map(|(from, to)| (to - from).max(0) / 1000),
        triggered_by: row.try_get("triggered_by")?,
        publication: row.try_get("publication")?,
        created_at: rfc3339(row.try_get("created_at")?),
        completed_at: time(row, "completed_at")?,
    })
}

fn decision(row: &AnyRow) -> Result<Option<Decision>, sqlx::Error> {
    let name: Option<String> = row.try_get("decision")?;
    Ok(name.as_deref().and_then(Decision::from_name))
}

fn time(row: &AnyRow, column: &str) -> Result<Option<String>, sqlx::Error> {
    Ok(row.try_get::<Option<Micros>, _>(column)?.map(rfc3339))
}

fn json<T: DeserializeOwned>(row: &AnyRow, column: &str) -> Result<Option<T>, sqlx::Error> {
    let text: Option<String> = row.try_get(column)?;
    let value = text.map(|text| serde_json::from_str(&text)).transpose();
    value.map_err(|error| sqlx::Error::Decode(error.into()))
}
