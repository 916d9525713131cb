//! SQL on `ai_calls`.

use super::{AiCallEntry, Call, Outcome};
use crate::log::{
    Entry, Kind,
    entry::{number, optional, optional_number},
};
use push_notify_core::{
    calendar::{Day, QUARTER_US},
    clock::rfc3339,
    id::LogId,
};
use push_notify_db::{
    Db,
    rows::{Bulk, MOST, padded},
};
use sqlx::{AnyConnection, Row as _, any::AnyRow};
use std::borrow::Cow;

/// Returns its id.
pub async fn insert(connection: &mut AnyConnection, call: &Call) -> Result<LogId, sqlx::Error> {
    let (status, summary, error) = match &call.outcome {
        Outcome::Success { summary } => ("success", Some(summary.as_str()), None),
        Outcome::Failed { reason } => ("failed", None, Some(reason.as_str())),
    };
    sqlx::query_scalar(
        "INSERT INTO ai_calls (model_id, repo_id, event_id, purpose, input_summary, output_summary, status, error,
            duration_ms, input_tokens, output_tokens, request_id, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) RETURNING id",
    )
    .bind(call.model_id)
    .bind(call.repo_id)
    .bind(call.event_id)
    .bind(call.purpose)
    .bind(call.input_summary.as_str())
    .bind(summary)
    .bind(status)
    .bind(error)
    .bind(call.duration_ms)
    .bind(call.input_tokens)
    .bind(call.output_tokens)
    .bind(call.request_id.as_deref())
    .bind(call.created_at)
    .fetch_one(connection)
    .await
}

/// The join's order keeps SQLite from reading all calls for each day.
static TOKENS_BY_DAY: Bulk = Bulk::new(
    "d, begins, ends",
    3,
    "SELECT v.d, CAST(SUM(c.input_tokens + c.output_tokens) AS BIGINT) AS tokens FROM v CROSS JOIN ai_calls c
     WHERE v.d IS NOT NULL AND c.created_at >= v.begins AND c.created_at < v.ends GROUP BY v.d",
);

/// One for each day, in their order.
pub async fn tokens_by_day(db: &Db, days: &[Day]) -> Result<Vec<i64>, sqlx::Error> {
    let mut all = vec![0; days.len()];
    for (run, found) in days.chunks(MOST).zip(all.chunks_mut(MOST)) {
        let (sql, size) = TOKENS_BY_DAY.text(db.dialect(), run.len());
        let mut query = sqlx::query(sql);
        let numbered: Vec<(i64, &Day)> = (0..).zip(run).collect();
        for row in padded(&numbered, size) {
            query = query
                .bind(row.map(|(number, _)| *number))
                .bind(row.map(|(_, day)| day.first * QUARTER_US))
                .bind(row.map(|(_, day)| day.end * QUARTER_US));
        }
        for row in query.fetch_all(db.read()).await? {
            let number = usize::try_from(row.try_get::<i64, _>("d")?).ok();
            if let Some(tokens) = number.and_then(|number| found.get_mut(number)) {
                *tokens = row.try_get("tokens")?;
            }
        }
    }
    Ok(all)
}

impl Entry for AiCallEntry {
    const KIND: Kind = Kind::AiCall;
    const SELECTED: &'static str =
        "id, model_id, repo_id, event_id, purpose, input_summary, output_summary, status, error,
        duration_ms, input_tokens + output_tokens AS tokens_used, request_id, created_at";
    const HEAD: &'static [&'static str] = &[
        "id",
        "model_id",
        "repo_id",
        "event_id",
        "purpose",
        "input_summary",
        "output_summary",
        "status",
        "error",
        "duration_ms",
        "tokens_used",
        "request_id",
        "created_at",
    ];

    fn read(row: &AnyRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: row.try_get("id")?,
            model_id: row.try_get("model_id")?,
            repo_id: row.try_get("repo_id")?,
            event_id: row.try_get("event_id")?,
            purpose: row.try_get("purpose")?,
            input_summary: row.try_get("input_summary")?,
            output_summary: row.try_get("output_summary")?,
            status: row.try_get("status")?,
            error: row.try_get("error")?,
            duration_ms: row.try_get("duration_ms")?,
            tokens_used: row.try_get("tokens_used")?,
            request_id: row.try_get("request_id")?,
            created_at: rfc3339(row.try_get("created_at")?),
        })
    }

    fn cells(&self) -> Vec<Cow<'_, str>> {
        vec![
            number(self.id),
            number(self.model_id),
            optional_number(self.repo_id),
            optional_number(self.event_id),
            self.purpose.as_str().into(),
            self.input_summary.as_str().into(),
            optional(&self.output_summary),
            self.status.as_str().into(),
            optional(&self.error),
            number(self.duration_ms),
            number(self.tokens_used),
            optional(&self.request_id),
            self.created_at.as_str().into(),
        ]
    }
}
