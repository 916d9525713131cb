//! SQL on `subjects`. The pipeline's writers bind a [`Row`] to the statements here.

use super::{
    Detail, Entry, Known, Row,
    types::{SubjectCard, SubjectEvent, SubjectPush},
};
use crate::event::Untold;
use push_notify_core::{
    clock::{Micros, rfc3339},
    id::{EventId, RepoId, SubjectId},
};
use push_notify_db::{
    list::{Filter, Listing},
    page::{Page, Total},
};
use sqlx::{AnyConnection, AnyPool, AssertSqlSafe, Row as _, any::AnyRow};

const SHOWN_EVENTS: usize = 100;
const SHOWN_PUSHES: usize = 200;

macro_rules! columns {
    () => {
        "id, repo_id, key, kind, title, url, state, labels, draft, actor, mark, marked_at, event_count, first_at, last_at"
    };
}

/// What an event says that came before one that is known, only fills in what nobody said.
macro_rules! newest {
    ($column:literal) => {
        concat!(
            $column,
            " = CASE WHEN excluded.last_at >= subjects.last_at THEN COALESCE(excluded.",
            $column,
            ", subjects.",
            $column,
            ") ELSE COALESCE(subjects.",
            $column,
            ", excluded.",
            $column,
            ") END, "
        )
    };
}

macro_rules! or_update {
    () => {
        concat!(
            " ON CONFLICT (repo_id, key) DO UPDATE SET ",
            newest!("title"),
            newest!("url"),
            newest!("state"),
            newest!("labels"),
            newest!("draft"),
            newest!("actor"),
            newest!("mark"),
            newest!("marked_at"),
            "mark_before = subjects.mark, marked_before = subjects.marked_at,
             event_count = subjects.event_count + excluded.event_count,
             first_at = CASE WHEN excluded.first_at < subjects.first_at THEN excluded.first_at ELSE subjects.first_at END,
             last_at = CASE WHEN excluded.last_at > subjects.last_at THEN excluded.last_at ELSE subjects.last_at END
             RETURNING repo_id, key, mark_before, marked_before"
        )
    };
}

/// Writes one [`Row`], its fields in the order of the columns.
pub const UPSERT_ONE: &str = concat!(
    "INSERT INTO subjects (",
    columns!(),
    ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
    or_update!()
);

/// The same on PostgreSQL for many, none of them twice: an array for each column.
pub const UPSERT_MANY: &str = concat!(
    "INSERT INTO subjects (",
    columns!(),
    ") SELECT * FROM UNNEST($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
    or_update!()
);

/// Says why an event is not told: why, and its id. As all that rusqlite binds it names its values
/// in their order.
pub const SET_UNTOLD: &str = "UPDATE events SET untold = $1 WHERE id = $2";

/// Returns what was known before.
pub async fn upsert(connection: &mut AnyConnection, row: &Row<'_>) -> Result<Known, sqlx::Error> {
    let found = sqlx::query(UPSERT_ONE)
        .bind(row.id)
        .bind(row.repo_id)
        .bind(row.said.key.as_str())
        .bind(row.said.kind.as_str())
        .bind(row.said.title.as_deref())
        .bind(row.said.url.as_deref())
        .bind(row.said.state.as_deref())
        .bind(row.said.labels.as_deref())
        .bind(row.said.draft.map(i64::from))
        .bind(row.said.actor.as_deref())
        .bind(row.said.edge.mark())
        .bind(row.marked_at)
        .bind(row.count)
        .bind(row.first_at)
        .bind(row.last_at)
        .fetch_one(connection)
        .await?;
    Ok(Known {
        mark: found.try_get("mark_before")?,
        at: found.try_get("marked_before")?,
    })
}

pub async fn set_untold(
    connection: &mut AnyConnection,
    event_id: EventId,
    untold: Untold,
) -> Result<(), sqlx::Error> {
    sqlx::query(SET_UNTOLD)
        .bind(untold.name())
        .bind(event_id)
        .execute(connection)
        .await?;
    Ok(())
}

const COLUMNS: &str = "s.id, s.repo_id, r.name AS repo_name, s.key, s.kind, s.title, s.url, s.state, s.labels, s.draft, s.actor,
    s.event_count, s.first_at, s.last_at";

/// One page, and how many there are in all. `filter` is on `s`.
pub async fn list(
    pool: &AnyPool,
    filter: &Filter,
    page: &Page,
) -> Result<(Vec<Entry>, Total), sqlx::Error> {
    let listing = Listing {
        table: "subjects s",
        key: "s.id",
        columns: COLUMNS,
        joins: "LEFT JOIN repos r ON r.id = s.repo_id",
    };
    filter.page(pool, &listing, page, entry).await
}

fn entry(row: &AnyRow) -> Result<Entry, sqlx::Error> {
    let labels: Option<String> = row.try_get("labels")?;
    let labels = labels
        .map(|labels| serde_json::from_str(&labels))
        .transpose();
    Ok(Entry {
        id: row.try_get("id")?,
        repo_id: row.try_get("repo_id")?,
        repo_name: row.try_get("repo_name")?,
        key: row.try_get("key")?,
        kind: row.try_get("kind")?,
        title: row.try_get("title")?,
        url: row.try_get("url")?,
        state: row.try_get("state")?,
        labels: labels
            .map_err(|error| sqlx::Error::Decode(error.into()))?
            .unwrap_or_default(),
        draft: row
            .try_get::<Option<i64>, _>("draft")?
            .map(|draft| draft != 0),
        actor: row.try_get("actor")?,
        event_count: row.try_get("event_count")?,
        first_event_at: rfc3339(row.try_get("first_at")?),
        last_event_at: rfc3339(row.try_get("last_at")?),
    })
}

pub async fn find(pool: &AnyPool, id: SubjectId) -> Result<Option<Detail>, sqlx::Error> {
    let row = sqlx::query(AssertSqlSafe(format!(
        "SELECT {COLUMNS} FROM subjects s LEFT JOIN repos r ON r.id = s.repo_id WHERE s.id = $1"
    )))
    .bind(id)
    .fetch_optional(pool)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let subject = entry(&row)?;
    let events = events(pool, subject.repo_id, &subject.key).await?;
    let pushes = pushes(pool, subject.repo_id, &subject.key).await?;
    let cards = cards(pool, subject.repo_id, &subject.key).await?;
    Ok(Some(Detail {
        subject,
        cards,
        events,
        pushes,
    }))
}

async fn events(
    pool: &AnyPool,
    repo_id: RepoId,
    key: &str,
) -> Result<Vec<SubjectEvent>, sqlx::Error> {
    let rows = sqlx::query(AssertSqlSafe(format!(
        "SELECT id, kind, state, untold, received_at FROM events WHERE repo_id = $1 AND subject = $2
         ORDER BY id DESC LIMIT {SHOWN_EVENTS}"
    )))
    .bind(repo_id)
    .bind(key)
    .fetch_all(pool)
    .await?;
    let event = |row: &AnyRow| {
        Ok(SubjectEvent {
            id: row.try_get("id")?,
            kind: row.try_get("kind")?,
            state: row.try_get("state")?,
            untold: row.try_get("untold")?,
            received_at: rfc3339(row.try_get("received_at")?),
        })
    };
    rows.iter().map(event).collect()
}

async fn pushes(
    pool: &AnyPool,
    repo_id: RepoId,
    key: &str,
) -> Result<Vec<SubjectPush>, sqlx::Error> {
    let rows = sqlx::query(AssertSqlSafe(format!(
        "SELECT p.id, p.event_id, p.target_id, t.name AS target_name, p.state, p.carried_by, p.created_at, p.pushed_at
         FROM events e JOIN pushes p ON p.event_id = e.id LEFT JOIN targets t ON t.id = p.target_id
         WHERE e.repo_id = $1 AND e.subject = $2 ORDER BY e.id DESC, p.id DESC LIMIT {SHOWN_PUSHES}"
    )))
    .bind(repo_id)
    .bind(key)
    .fetch_all(pool)
    .await?;
    let push = |row: &AnyRow| {
        Ok(SubjectPush {
            id: row.try_get("id")?,
            event_id: row.try_get("event_id")?,
            target_id: row.try_get("target_id")?,
            target_name: row.try_get("target_name")?,
            state: row.try_get("state")?,
            carried_by: row.try_get("carried_by")?,
            created_at: rfc3339(row.try_get("created_at")?),
            pushed_at: row.try_get::<Option<Micros>, _>("pushed_at")?.map(rfc3339),
        })
    };
    rows.iter().map(push).collect()
}

async fn cards(
    pool: &AnyPool,
    repo_id: RepoId,
    key: &str,
) -> Result<Vec<SubjectCard>, sqlx::Error> {
    let rows = sqlx::query(
        "SELECT c.target_id, t.name AS target_name, c.push_id, c.shown_by, c.handle, c.gone, c.created_at, c.updated_at
         FROM cards c LEFT JOIN targets t ON t.id = c.target_id
         WHERE c.repo_id = $1 AND c.subject = $2 AND c.push_id IS NOT NULL ORDER BY c.target_id",
    )
    .bind(repo_id)
    .bind(key)
    .fetch_all(pool)
    .await?;
    let card = |row: &AnyRow| {
        Ok(SubjectCard {
            target_id: row.try_get("target_id")?,
            target_name: row.try_get("target_name")?,
            push_id: row.try_get("push_id")?,
            shown_by: row.try_get("shown_by")?,
            followed: row.try_get::<Option<String>, _>("handle")?.is_some(),
            gone: row.try_get("gone")?,
            created_at: rfc3339(row.try_get("created_at")?),
            updated_at: rfc3339(row.try_get("updated_at")?),
        })
    };
    rows.iter().map(card).collect()
}

/// Removes, with their cards, at most `most` of those whose last event came before `before`, and
/// that no event names any more.
pub async fn remove_over(
    connection: &mut AnyConnection,
    before: Micros,
    most: usize,
) -> Result<u64, sqlx::Error> {
    let over = format!(
        "FROM subjects s WHERE s.last_at < $1
            AND NOT EXISTS (SELECT 1 FROM events e WHERE e.repo_id = s.repo_id AND e.subject = s.key)
         ORDER BY s.last_at, s.id LIMIT {most}"
    );
    let cards =
        format!("DELETE FROM cards WHERE (repo_id, subject) IN (SELECT s.repo_id, s.key {over})");
    sqlx::query(AssertSqlSafe(cards))
        .bind(before)
        .execute(&mut *connection)
        .await?;
    let subjects = format!("DELETE FROM subjects WHERE id IN (SELECT s.id {over})");
    let done = sqlx::query(AssertSqlSafe(subjects))
        .bind(before)
        .execute(connection)
        .await?;
    Ok(done.rows_affected())
}
