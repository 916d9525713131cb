//! SQL on `templates` and `template_versions`.

use super::{Template, types::Version};
use crate::owner::{Owner, store::owner_of};
use push_notify_core::{
    clock::{Micros, rfc3339},
    id::TemplateId,
};
use push_notify_db::{
    list::{Filter, Listing},
    page::{Page, Total},
};
use sqlx::{AnyConnection, AnyPool, AssertSqlSafe, FromRow, Row as _, any::AnyRow};
use std::collections::HashSet;

/// Of each template.
const VERSIONS_KEPT: i64 = 1000;

impl FromRow<'_, AnyRow> for Template {
    fn from_row(row: &AnyRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: row.try_get("id")?,
            name: row.try_get("name")?,
            kind: row.try_get("type")?,
            scene: row.try_get("scene")?,
            title: row.try_get("title")?,
            content: row.try_get("content")?,
            remark: row.try_get("remark")?,
            is_default: row.try_get::<i64, _>("is_default")? == 1,
            status: row.try_get("status")?,
            owner: owner_of(row)?,
            version: row.try_get("version")?,
            created_at: row.try_get("created_at")?,
            updated_at: row.try_get("updated_at")?,
        })
    }
}

/// Of `m`, with names from `u` and `g`.
const COLUMNS: &str = "m.id, m.name, m.type, m.scene, m.title, m.content, m.remark, m.is_default, m.status, m.owner_id,
    u.username AS owner_name, m.team_id, g.name AS team_name, m.version, m.created_at, m.updated_at";
const JOIN_OWNER: &str = "LEFT JOIN users u ON u.id = m.owner_id AND u.deleted_at IS NULL
    LEFT JOIN teams g ON g.id = m.team_id AND g.deleted_at IS NULL";

pub async fn find(pool: &AnyPool, id: TemplateId) -> Result<Option<Template>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(format!(
        "SELECT {COLUMNS} FROM templates m {JOIN_OWNER} WHERE m.id = $1 AND m.deleted_at IS NULL"
    )))
    .bind(id)
    .fetch_optional(pool)
    .await
}

/// The one that messages of this channel and scene are made with: the default, else the newest that
/// is active and an administrator's.
pub async fn find_chosen(
    pool: &AnyPool,
    kind: &str,
    scene: &str,
) -> Result<Option<Template>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(format!(
        "SELECT {COLUMNS} FROM templates m {JOIN_OWNER}
         WHERE m.type = $1 AND m.scene = $2 AND m.status = 'active' AND m.deleted_at IS NULL
            AND (m.is_default = 1 OR m.team_id IS NULL AND COALESCE(u.role, 'admin') = 'admin')
         ORDER BY m.is_default DESC, m.id DESC LIMIT 1"
    )))
    .bind(kind)
    .bind(scene)
    .fetch_optional(pool)
    .await
}

/// One page, and how many there are in all. `filter` is on `m`.
pub async fn list(
    pool: &AnyPool,
    filter: Filter,
    page: &Page,
) -> Result<(Vec<Template>, Total), sqlx::Error> {
    let listing = Listing {
        table: "templates m",
        key: "m.id",
        columns: COLUMNS,
        joins: JOIN_OWNER,
    };
    let filter = filter.always("m.deleted_at IS NULL");
    filter
        .page(pool, &listing, page, |row| Template::from_row(row))
        .await
}

/// Whether another one of its channel and scene has its name.
pub async fn is_name_taken(
    connection: &mut AnyConnection,
    template: &Template,
) -> Result<bool, sqlx::Error> {
    let row = sqlx::query(
        "SELECT id FROM templates WHERE type = $1 AND scene = $2 AND name = $3 AND id <> $4 AND deleted_at IS NULL",
    )
    .bind(template.kind.as_str())
    .bind(template.scene.as_str())
    .bind(template.name.as_str())
    .bind(template.id)
    .fetch_optional(connection)
    .await?;
    Ok(row.is_some())
}

pub async fn has_default(
    connection: &mut AnyConnection,
    kind: &str,
    scene: &str,
) -> Result<bool, sqlx::Error> {
    let row = sqlx::query(
        "SELECT id FROM templates WHERE type = $1 AND scene = $2 AND is_default = 1 AND deleted_at IS NULL",
    )
    .bind(kind)
    .bind(scene)
    .fetch_optional(connection)
    .await?;
    Ok(row.is_some())
}

/// The channels and scenes that have a default.
pub async fn defaults(pool: &AnyPool) -> Result<HashSet<(String, String)>, sqlx::Error> {
    let sql = "SELECT type, scene FROM templates WHERE is_default = 1 AND deleted_at IS NULL";
    let rows: Vec<(String, String)> = sqlx::query_as(sql).fetch_all(pool).await?;
    Ok(rows.into_iter().collect())
}

/// Leaves a channel and scene without a default, for another to take its place.
pub async fn clear_default(
    connection: &mut AnyConnection,
    kind: &str,
    scene: &str,
    now: Micros,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE templates SET is_default = 0, updated_at = CASE WHEN updated_at < $3 THEN $3 ELSE updated_at + 1 END
         WHERE type = $1 AND scene = $2 AND is_default = 1 AND deleted_at IS NULL",
    )
    .bind(kind)
    .bind(scene)
    .bind(now)
    .execute(connection)
    .await?;
    Ok(())
}

/// The template and its first version. False, and nothing is written, when there is one with this
/// name or another default.
pub async fn insert(
    connection: &mut AnyConnection,
    template: &Template,
    author: &str,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "INSERT INTO templates (id, name, type, scene, title, content, remark, is_default, status, version,
            created_at, updated_at, owner_id, team_id)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) ON CONFLICT DO NOTHING",
    )
    .bind(template.id)
    .bind(template.name.as_str())
    .bind(template.kind.as_str())
    .bind(template.scene.as_str())
    .bind(template.title.as_str())
    .bind(template.content.as_str())
    .bind(template.remark.as_deref())
    .bind(i64::from(template.is_default))
    .bind(template.status.as_str())
    .bind(template.version)
    .bind(template.created_at)
    .bind(template.updated_at)
    .bind(Owner::user_id(template.owner.as_ref()))
    .bind(Owner::team_id(template.owner.as_ref()))
    .execute(&mut *connection)
    .await?;
    if done.rows_affected() == 0 {
        return Ok(false);
    }
    insert_version(connection, template, author, template.created_at).await?;
    Ok(true)
}

/// False when somebody changed or deleted it since it was read. Fails with a unique violation when
/// the name is taken or another is the default.
pub async fn update(
    connection: &mut AnyConnection,
    template: &Template,
    now: Micros,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE templates SET name = $3, title = $4, content = $5, remark = $6, is_default = $7, status = $8,
            version = $9, updated_at = $10, owner_id = $11, team_id = $12
         WHERE id = $1 AND updated_at = $2 AND deleted_at IS NULL",
    )
    .bind(template.id)
    .bind(template.updated_at)
    .bind(template.name.as_str())
    .bind(template.title.as_str())
    .bind(template.content.as_str())
    .bind(template.remark.as_deref())
    .bind(i64::from(template.is_default))
    .bind(template.status.as_str())
    .bind(template.version)
    .bind(now.max(template.updated_at + 1))
    .bind(Owner::user_id(template.owner.as_ref()))
    .bind(Owner::team_id(template.owner.as_ref()))
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Marks it as deleted. False when somebody changed or deleted it since it was read.
pub async fn delete(
    connection: &mut AnyConnection,
    template: &Template,
    now: Micros,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE templates SET deleted_at = $3 WHERE id = $1 AND updated_at = $2 AND deleted_at IS NULL",
    )
    .bind(template.id)
    .bind(template.updated_at)
    .bind(now)
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// One page, and how many are kept.
pub async fn versions(
    pool: &AnyPool,
    id: TemplateId,
    page: &Page,
) -> Result<(Vec<Version>, i64), sqlx::Error> {
    let count = "SELECT COUNT(*) FROM template_versions WHERE template_id = $1";
    let total = sqlx::query_scalar(count).bind(id).fetch_one(pool).await?;
    let sql = format!(
        "SELECT version, title, content, created_by, created_at FROM template_versions WHERE template_id = $1
         ORDER BY version {} LIMIT {} OFFSET {}",
        page.direction(),
        page.size,
        page.offset()
    );
    let rows = sqlx::query(AssertSqlSafe(sql))
        .bind(id)
        .fetch_all(pool)
        .await?;
    let versions: Result<_, sqlx::Error> = rows.iter().map(version).collect();
    Ok((versions?, total))
}

pub async fn find_version(
    pool: &AnyPool,
    id: TemplateId,
    number: i64,
) -> Result<Option<Version>, sqlx::Error> {
    let row = sqlx::query(
        "SELECT version, title, content, created_by, created_at FROM template_versions
         WHERE template_id = $1 AND version = $2",
    )
    .bind(id)
    .bind(number)
    .fetch_optional(pool)
    .await?;
    row.as_ref().map(version).transpose()
}

fn version(row: &AnyRow) -> Result<Version, sqlx::Error> {
    Ok(Version {
        version: row.try_get("version")?,
        title: row.try_get("title")?,
        content: row.try_get("content")?,
        created_by: row.try_get("created_by")?,
        created_at: rfc3339(row.try_get("created_at")?),
    })
}

/// The texts as they are now. Of all versions the newest are kept.
pub async fn insert_version(
    connection: &mut AnyConnection,
    template: &Template,
    author: &str,
    now: Micros,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO template_versions (template_id, version, title, content, created_by, created_at)
         VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(template.id)
    .bind(template.version)
    .bind(template.title.as_str())
    .bind(template.content.as_str())
    .bind(author)
    .bind(now)
    .execute(&mut *connection)
    .await?;
    sqlx::query("DELETE FROM template_versions WHERE template_id = $1 AND version <= $2")
        .bind(template.id)
        .bind(template.version - VERSIONS_KEPT)
        .execute(connection)
        .await?;
    Ok(())
}
