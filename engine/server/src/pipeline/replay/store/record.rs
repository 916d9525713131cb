//! What a dry run reads of an event's record.

use crate::{
    app::App,
    push::PushState,
    replay::difference::{Message, Prompt},
};
use push_notify_core::id::{EventId, PromptId, PushId, TargetId};
use push_notify_db::list::among;
use sqlx::{AssertSqlSafe, Row as _, any::AnyRow};
use std::collections::BTreeSet;

/// Of one event, as many as are looked at.
const MOST_PUSHES: i64 = 500;

/// A message as it was rendered for a push.
pub(crate) struct Sent {
    pub push_id: PushId,
    pub target_id: TargetId,
    pub delivered: bool,
    pub message: Message,
}

pub(crate) struct Name {
    pub id: TargetId,
    pub name: String,
    pub channel: String,
}

/// The newest ones.
pub(crate) async fn sent(app: &App, event_id: EventId) -> Result<Vec<Sent>, sqlx::Error> {
    let rows = sqlx::query(
        "SELECT id, target_id, state, title, body FROM pushes
         WHERE event_id = $1 AND title IS NOT NULL AND body IS NOT NULL ORDER BY id DESC LIMIT $2",
    )
    .bind(event_id)
    .bind(MOST_PUSHES)
    .fetch_all(app.db.read())
    .await?;
    let sent = |row: &AnyRow| Sent {
        push_id: row.get("id"),
        target_id: row.get("target_id"),
        delivered: row.get::<PushState, _>("state").is_sent(),
        message: Message {
            title: row.get("title"),
            body: row.get("body"),
        },
    };
    Ok(rows.iter().map(sent).collect())
}

pub(crate) async fn target_names(
    app: &App,
    ids: &BTreeSet<TargetId>,
) -> Result<Vec<Name>, sqlx::Error> {
    if ids.is_empty() {
        return Ok(vec![]);
    }
    let sql = format!(
        "SELECT id, name, type FROM targets WHERE {}",
        among("id", ids.iter().copied())
    );
    let rows = sqlx::query(AssertSqlSafe(sql))
        .persistent(false)
        .fetch_all(app.db.read())
        .await?;
    let name = |row: &AnyRow| Name {
        id: row.get("id"),
        name: row.get("name"),
        channel: row.get("type"),
    };
    Ok(rows.iter().map(name).collect())
}

/// The prompt that the event's review was made with, in its version of that time.
pub(crate) async fn prompt_then(
    app: &App,
    event_id: EventId,
) -> Result<Option<Prompt>, sqlx::Error> {
    let row = sqlx::query("SELECT prompt_id, started_at FROM reviews WHERE id = $1")
        .bind(event_id)
        .fetch_optional(app.db.read())
        .await?;
    let Some(row) = row else { return Ok(None) };
    let (Some(id), Some(started_at)) = (
        row.get::<Option<PromptId>, _>("prompt_id"),
        row.get::<Option<i64>, _>("started_at"),
    ) else {
        return Ok(None);
    };
    let version = sqlx::query(
        "SELECT version, content FROM prompt_versions WHERE prompt_id = $1 AND created_at <= $2
         ORDER BY version DESC LIMIT 1",
    )
    .bind(id)
    .bind(started_at)
    .fetch_optional(app.db.read())
    .await?;
    Ok(Some(Prompt {
        id,
        name: prompt_name(app, id).await?,
        version: version.as_ref().map(|row| row.get("version")),
        content: version.as_ref().map(|row| row.get("content")),
    }))
}

pub(crate) async fn prompt_name(app: &App, id: PromptId) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar("SELECT name FROM prompts WHERE id = $1")
        .bind(id)
        .fetch_optional(app.db.read())
        .await
}
