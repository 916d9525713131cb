//! SQL on `prompts` and `prompt_versions`.

mod candidate;

pub use candidate::candidates;

use super::{
    Kind, Prompt,
    types::{Entry, Version},
};
use crate::owner::{Owner, store::owner_of};
use push_notify_core::{
    clock::{Micros, rfc3339},
    id::PromptId,
};
use push_notify_db::{
    list::{Filter, Listing},
    page::{Page, Total},
};
use serde_json::Value;
use sqlx::{AnyConnection, AnyPool, AssertSqlSafe, FromRow, Row as _, any::AnyRow};
use std::collections::HashSet;

/// Of each prompt.
const VERSIONS_KEPT: i64 = 1000;

impl FromRow<'_, AnyRow> for Prompt {
    fn from_row(row: &AnyRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: row.try_get("id")?,
            name: row.try_get("name")?,
            description: row.try_get("description")?,
            kind: Kind::from_stored(&row.try_get::<String, _>("type")?),
            scene: row.try_get("scene")?,
            language: row.try_get("language")?,
            target_type: row.try_get("target_type")?,
            locale: row.try_get("locale")?,
            system_key: row.try_get("system_key")?,
            content: row.try_get("content")?,
            categories: list_of(row, "categories")?,
            severities: list_of(row, "severities")?,
            model_id: row.try_get("model_id")?,
            model_name: row.try_get("model_name")?,
            owner: owner_of(row)?,
            version: row.try_get("version")?,
            usage_count: row.try_get("usage_count")?,
            created_at: row.try_get("created_at")?,
            updated_at: row.try_get("updated_at")?,
        })
    }
}

const COLUMNS: &str =
    "p.id, p.name, p.description, p.type, p.scene, p.language, p.target_type, p.locale, p.system_key, p.content,
    p.categories, p.severities, p.model_id, m.name AS model_name, p.owner_id, u.username AS owner_name, p.team_id,
    g.name AS team_name, p.version, p.usage_count, p.created_at, p.updated_at";
const JOINS: &str = "LEFT JOIN models m ON m.id = p.model_id AND m.deleted_at IS NULL
    LEFT JOIN users u ON u.id = p.owner_id AND u.deleted_at IS NULL
    LEFT JOIN teams g ON g.id = p.team_id AND g.deleted_at IS NULL";

pub async fn find(pool: &AnyPool, id: PromptId) -> Result<Option<Prompt>, sqlx::Error> {
    let sql =
        format!("SELECT {COLUMNS} FROM prompts p {JOINS} WHERE p.id = $1 AND p.deleted_at IS NULL");
    sqlx::query_as(AssertSqlSafe(sql))
        .bind(id)
        .fetch_optional(pool)
        .await
}

/// The built-in ones.
pub async fn builtin(pool: &AnyPool) -> Result<Vec<Prompt>, sqlx::Error> {
    let sql = format!("SELECT {COLUMNS} FROM prompts p {JOINS} WHERE p.system_key IS NOT NULL");
    sqlx::query_as(AssertSqlSafe(sql)).fetch_all(pool).await
}

/// Every name that is taken.
pub async fn names(pool: &AnyPool) -> Result<HashSet<String>, sqlx::Error> {
    let rows = sqlx::query("SELECT name FROM prompts WHERE deleted_at IS NULL")
        .fetch_all(pool)
        .await?;
    rows.iter().map(|row| row.try_get("name")).collect()
}

const LISTING: Listing = Listing {
    table: "prompts p",
    key: "p.id",
    columns: COLUMNS,
    joins: JOINS,
};

/// One page, and how many there are in all. `filter` is on `p`.
pub async fn list(
    pool: &AnyPool,
    filter: Filter,
    page: &Page,
) -> Result<(Vec<Entry>, Total), sqlx::Error> {
    let filter = filter.always("p.deleted_at IS NULL");
    filter
        .page(pool, &LISTING, page, |row| {
            Ok(Prompt::from_row(row)?.entry())
        })
        .await
}

/// The prompt and its first version. False, and nothing is written, when there is one with this
/// name or key.
pub async fn insert(
    connection: &mut AnyConnection,
    prompt: &Prompt,
    author: &str,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "INSERT INTO prompts (id, name, type, scene, language, target_type, content, model_id, version, created_at,
            updated_at, description, locale, is_system, system_key, categories, severities, owner_id, team_id)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19) ON CONFLICT DO NOTHING",
    )
    .bind(prompt.id)
    .bind(prompt.name.as_str())
    .bind(prompt.kind.name())
    .bind(prompt.scene.as_deref())
    .bind(prompt.language.as_deref())
    .bind(prompt.target_type.as_deref())
    .bind(prompt.content.as_str())
    .bind(prompt.model_id)
    .bind(prompt.version)
    .bind(prompt.created_at)
    .bind(prompt.updated_at)
    .bind(prompt.description.as_deref())
    .bind(prompt.locale.as_deref())
    .bind(i64::from(prompt.is_system()))
    .bind(prompt.system_key.as_deref())
    .bind(stored(&prompt.categories))
    .bind(stored(&prompt.severities))
    .bind(Owner::user_id(prompt.owner.as_ref()))
    .bind(Owner::team_id(prompt.owner.as_ref()))
    .execute(&mut *connection)
    .await?;
    if done.rows_affected() == 0 {
        return Ok(false);
    }
    insert_version(connection, prompt, author, prompt.created_at).await?;
    Ok(true)
}

/// False when somebody changed or deleted it since it was read. Fails with a unique violation when
/// the name is taken.
pub async fn update(
    connection: &mut AnyConnection,
    prompt: &Prompt,
    now: Micros,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE prompts SET name = $3, scene = $4, language = $5, target_type = $6, content = $7, model_id = $8,
            version = $9, updated_at = $10, description = $11, locale = $12, categories = $13, severities = $14,
            owner_id = $15, team_id = $16
         WHERE id = $1 AND updated_at = $2 AND deleted_at IS NULL",
    )
    .bind(prompt.id)
    .bind(prompt.updated_at)
    .bind(prompt.name.as_str())
    .bind(prompt.scene.as_deref())
    .bind(prompt.language.as_deref())
    .bind(prompt.target_type.as_deref())
    .bind(prompt.content.as_str())
    .bind(prompt.model_id)
    .bind(prompt.version)
    .bind(now.max(prompt.updated_at + 1))
    .bind(prompt.description.as_deref())
    .bind(prompt.locale.as_deref())
    .bind(stored(&prompt.categories))
    .bind(stored(&prompt.severities))
    .bind(Owner::user_id(prompt.owner.as_ref()))
    .bind(Owner::team_id(prompt.owner.as_ref()))
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Keeps the prompt's content as its version. Of all versions the newest are kept.
pub async fn insert_version(
    connection: &mut AnyConnection,
    prompt: &Prompt,
    author: &str,
    now: Micros,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO prompt_versions (prompt_id, version, content, created_by, created_at)
         VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(prompt.id)
    .bind(prompt.version)
    .bind(prompt.content.as_str())
    .bind(author)
    .bind(now)
    .execute(&mut *connection)
    .await?;
    if prompt.version <= VERSIONS_KEPT {
        return Ok(());
    }
    sqlx::query("DELETE FROM prompt_versions WHERE prompt_id = $1 AND version <= $2")
        .bind(prompt.id)
        .bind(prompt.version - VERSIONS_KEPT)
        .execute(connection)
        .await?;
    Ok(())
}

/// One page, and how many are kept.
pub async fn versions(
    pool: &AnyPool,
    id: PromptId,
    page: &Page,
) -> Result<(Vec<Version>, i64), sqlx::Error> {
    let count = "SELECT COUNT(*) FROM prompt_versions WHERE prompt_id = $1";
    let total = sqlx::query_scalar(count).bind(id).fetch_one(pool).await?;
    let sql = format!(
        "SELECT version, content, created_by, created_at FROM prompt_versions WHERE prompt_id = $1
         ORDER BY version {} LIMIT {} OFFSET {}",
        page.direction(),
        page.size,
        page.offset()
    );
    let rows = sqlx::query(AssertSqlSafe(sql))
        .bind(id)
        .fetch_all(pool)
        .await?;
    let versions: Result<_, sqlx::Error> = rows
        .iter()
        .map(|row| {
            Ok(Version {
                version: row.try_get("version")?,
                content: row.try_get("content")?,
                created_by: row.try_get("created_by")?,
                created_at: rfc3339(row.try_get("created_at")?),
            })
        })
        .collect();
    Ok((versions?, total))
}

pub async fn content_of(
    pool: &AnyPool,
    id: PromptId,
    version: i64,
) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar("SELECT content FROM prompt_versions WHERE prompt_id = $1 AND version = $2")
        .bind(id)
        .bind(version)
        .fetch_optional(pool)
        .await
}

/// Marks it as deleted. False when it is not there.
pub async fn delete(
    connection: &mut AnyConnection,
    id: PromptId,
    now: Micros,
) -> Result<bool, sqlx::Error> {
    let done =
        sqlx::query("UPDATE prompts SET deleted_at = $2 WHERE id = $1 AND deleted_at IS NULL")
            .bind(id)
            .bind(now)
            .execute(connection)
            .await?;
    Ok(done.rows_affected() == 1)
}

/// Counts that a model was asked with it.
pub async fn count_use(connection: &mut AnyConnection, id: PromptId) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE prompts SET usage_count = usage_count + 1 WHERE id = $1")
        .bind(id)
        .execute(connection)
        .await?;
    Ok(())
}

/// A list as it is stored.
fn stored(list: &Option<Vec<String>>) -> Option<String> {
    list.as_ref()
        .map(|list| Value::from(list.as_slice()).to_string())
}

fn list_of(row: &AnyRow, column: &str) -> Result<Option<Vec<String>>, sqlx::Error> {
    let text: Option<String> = row.try_get(column)?;
    text.map(|text| serde_json::from_str(&text))
        .transpose()
        .map_err(|error| sqlx::Error::Decode(error.into()))
}
