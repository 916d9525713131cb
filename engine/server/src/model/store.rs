//! SQL on `models`.

use super::{Model, price::Price, types::Entry};
use crate::repo::Status;
use push_notify_core::{clock::Micros, id::ModelId};
use push_notify_db::{
    Db, Dialect,
    list::{Filter, Listing},
    page::{Page, Total},
};
use serde_json::Value;
use sqlx::{AnyConnection, AnyPool, AssertSqlSafe, FromRow, Row as _, any::AnyRow};

impl FromRow<'_, AnyRow> for Model {
    fn from_row(row: &AnyRow) -> Result<Self, sqlx::Error> {
        let text = |column: &str| row.try_get::<String, _>(column);
        let price = |column: &str| {
            let stored = row.try_get::<Option<i64>, _>(column)?;
            Ok::<_, sqlx::Error>(stored.map(Price::from_stored))
        };
        Ok(Self {
            id: row.try_get("id")?,
            name: text("name")?,
            kind: text("type")?,
            provider: text("provider")?,
            api_url: text("api_url")?,
            api_key: text("api_key")?,
            timeout_seconds: row.try_get("timeout_seconds")?,
            params: serde_json::from_str(&text("params")?)
                .map_err(|error| sqlx::Error::Decode(error.into()))?,
            input_price: price("input_price")?,
            output_price: price("output_price")?,
            is_default: row.try_get::<i64, _>("is_default")? == 1,
            status: Status::from_stored(&text("status")?),
            success_count: row.try_get("success_count")?,
            failed_count: row.try_get("failed_count")?,
            total_ms: row.try_get("total_ms")?,
            created_at: row.try_get("created_at")?,
            updated_at: row.try_get("updated_at")?,
        })
    }
}

const COLUMNS: &str = "m.id, m.name, m.type, m.provider, m.api_url, m.api_key, m.timeout_seconds, m.params,
    m.input_price, m.output_price, m.is_default, m.status, m.success_count, m.failed_count, m.total_ms, m.created_at,
    m.updated_at";

pub async fn find(pool: &AnyPool, id: ModelId) -> Result<Option<Model>, sqlx::Error> {
    let sql = format!("SELECT {COLUMNS} FROM models m WHERE m.id = $1 AND m.deleted_at IS NULL");
    sqlx::query_as(AssertSqlSafe(sql))
        .bind(id)
        .fetch_optional(pool)
        .await
}

/// The one that is asked for if it is active, else the default.
pub async fn usable(pool: &AnyPool, id: Option<ModelId>) -> Result<Option<Model>, sqlx::Error> {
    let sql = format!(
        "SELECT {COLUMNS} FROM models m
         WHERE (m.id = $1 OR m.is_default = 1) AND m.status = 'active' AND m.deleted_at IS NULL
         ORDER BY CASE WHEN m.id = $1 THEN 0 ELSE 1 END LIMIT 1"
    );
    sqlx::query_as(AssertSqlSafe(sql))
        // There is no row 0.
        .bind(id.unwrap_or_default())
        .fetch_optional(pool)
        .await
}

/// Whom to ask, and whom next when that one fails: the active ones of `ids` in their order, then
/// the default, each once.
pub async fn candidates(pool: &AnyPool, ids: &[ModelId]) -> Result<Vec<Model>, sqlx::Error> {
    let named: String = (1..=ids.len())
        .map(|number| format!("m.id = ${number} OR "))
        .collect();
    let sql = format!(
        "SELECT {COLUMNS} FROM models m
         WHERE ({named}m.is_default = 1) AND m.status = 'active' AND m.deleted_at IS NULL"
    );
    let mut query = sqlx::query_as(AssertSqlSafe(sql));
    for id in ids {
        query = query.bind(*id);
    }
    let mut models: Vec<Model> = query.fetch_all(pool).await?;
    // Whoever is not among them is the default.
    models.sort_by_key(|model| {
        ids.iter()
            .position(|id| *id == model.id)
            .unwrap_or(ids.len())
    });
    Ok(models)
}

/// Also whether it is there.
pub async fn name(pool: &AnyPool, id: ModelId) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar("SELECT name FROM models WHERE id = $1 AND deleted_at IS NULL")
        .bind(id)
        .fetch_optional(pool)
        .await
}

pub async fn id_of(pool: &AnyPool, name: &str) -> Result<Option<ModelId>, sqlx::Error> {
    sqlx::query_scalar("SELECT id FROM models WHERE name = $1 AND deleted_at IS NULL")
        .bind(name)
        .fetch_optional(pool)
        .await
}

const LISTING: Listing = Listing {
    table: "models m",
    key: "m.id",
    columns: COLUMNS,
    joins: "",
};

/// One page, and how many there are in all. `filter` is on `m`.
pub async fn list(
    pool: &AnyPool,
    filter: Filter,
    page: &Page,
) -> Result<(Vec<Entry>, Total), sqlx::Error> {
    let filter = filter.always("m.deleted_at IS NULL");
    filter
        .page(
            pool,
            &LISTING,
            page,
            |row| Ok(Model::from_row(row)?.entry()),
        )
        .await
}

/// Until the transaction ends nobody else changes which model is the default.
pub async fn lock(db: &Db, connection: &mut AnyConnection) -> Result<(), sqlx::Error> {
    // SQLite has one writer at a time anyway.
    if db.dialect() == Dialect::Postgres {
        sqlx::query("LOCK TABLE models IN SHARE ROW EXCLUSIVE MODE")
            .execute(connection)
            .await?;
    }
    Ok(())
}

pub async fn default_id(connection: &mut AnyConnection) -> Result<Option<ModelId>, sqlx::Error> {
    sqlx::query_scalar("SELECT id FROM models WHERE is_default = 1 AND deleted_at IS NULL")
        .fetch_optional(connection)
        .await
}

/// Whether there is an active one besides `id`.
pub async fn has_other_active(
    connection: &mut AnyConnection,
    id: ModelId,
) -> Result<bool, sqlx::Error> {
    let row = sqlx::query(
        "SELECT id FROM models WHERE id <> $1 AND status = 'active' AND deleted_at IS NULL LIMIT 1",
    )
    .bind(id)
    .fetch_optional(connection)
    .await?;
    Ok(row.is_some())
}

/// Makes `id` the default, in place of whichever was. False, and there is none, unless it is there
/// and active.
pub async fn set_default(connection: &mut AnyConnection, id: ModelId) -> Result<bool, sqlx::Error> {
    clear_default(connection).await?;
    let done = sqlx::query(
        "UPDATE models SET is_default = 1 WHERE id = $1 AND status = 'active' AND deleted_at IS NULL",
    )
    .bind(id)
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

pub async fn clear_default(connection: &mut AnyConnection) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE models SET is_default = 0 WHERE is_default = 1 AND deleted_at IS NULL")
        .execute(connection)
        .await?;
    Ok(())
}

/// Fails with a unique violation when the name is taken.
pub async fn insert(connection: &mut AnyConnection, model: &Model) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO models (id, name, type, provider, api_url, api_key, timeout_seconds, params, is_default, status,
            created_at, updated_at, input_price, output_price)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
    )
    .bind(model.id)
    .bind(model.name.as_str())
    .bind(model.kind.as_str())
    .bind(model.provider.as_str())
    .bind(model.api_url.as_str())
    .bind(model.api_key.as_str())
    .bind(model.timeout_seconds)
    .bind(Value::Object(model.params.clone()).to_string())
    .bind(i64::from(model.is_default))
    .bind(model.status.name())
    .bind(model.created_at)
    .bind(model.updated_at)
    .bind(model.input_price.map(Price::stored))
    .bind(model.output_price.map(Price::stored))
    .execute(connection)
    .await?;
    Ok(())
}

/// All but the default. False when somebody changed or deleted it since it was read. Fails with a
/// unique violation when the name is taken.
pub async fn update(
    connection: &mut AnyConnection,
    model: &Model,
    now: Micros,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE models SET name = $3, type = $4, provider = $5, api_url = $6, api_key = $7, timeout_seconds = $8,
            params = $9, status = $10, updated_at = $11, input_price = $12, output_price = $13
         WHERE id = $1 AND updated_at = $2 AND deleted_at IS NULL",
    )
    .bind(model.id)
    .bind(model.updated_at)
    .bind(model.name.as_str())
    .bind(model.kind.as_str())
    .bind(model.provider.as_str())
    .bind(model.api_url.as_str())
    .bind(model.api_key.as_str())
    .bind(model.timeout_seconds)
    .bind(Value::Object(model.params.clone()).to_string())
    .bind(model.status.name())
    .bind(now.max(model.updated_at + 1))
    .bind(model.input_price.map(Price::stored))
    .bind(model.output_price.map(Price::stored))
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Marks it as deleted. False when it is not there.
pub async fn delete(
    connection: &mut AnyConnection,
    id: ModelId,
    now: Micros,
) -> Result<bool, sqlx::Error> {
    let done =
        sqlx::query("UPDATE models SET deleted_at = $2 WHERE id = $1 AND deleted_at IS NULL")
            .bind(id)
            .bind(now)
            .execute(connection)
            .await?;
    Ok(done.rows_affected() == 1)
}

/// Counts a call. `success_ms` is how long a successful one took.
pub async fn count_call(
    connection: &mut AnyConnection,
    id: ModelId,
    success_ms: Option<i64>,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE models SET success_count = success_count + $2, failed_count = failed_count + $3,
            total_ms = total_ms + $4 WHERE id = $1",
    )
    .bind(id)
    .bind(i64::from(success_ms.is_some()))
    .bind(i64::from(success_ms.is_none()))
    .bind(success_ms.unwrap_or_default())
    .execute(connection)
    .await?;
    Ok(())
}
