//! SQL on `api_keys`.

use super::ApiKey;
use push_notify_core::{
    clock::Micros,
    id::{ApiKeyId, UserId},
};
use push_notify_db::{
    list::{Filter, Listing},
    page::{Page, Total},
};
use serde_json::Value;
use sqlx::{AnyConnection, AnyPool, FromRow, Row as _, any::AnyRow};

impl FromRow<'_, AnyRow> for ApiKey {
    fn from_row(row: &AnyRow) -> Result<Self, sqlx::Error> {
        let scopes: String = row.try_get("scopes")?;
        Ok(Self {
            id: row.try_get("id")?,
            user_id: row.try_get("user_id")?,
            name: row.try_get("name")?,
            prefix: row.try_get("prefix")?,
            scopes: serde_json::from_str(&scopes)
                .map_err(|error| sqlx::Error::Decode(error.into()))?,
            expires_at: row.try_get("expires_at")?,
            last_used_at: row.try_get("last_used_at")?,
            created_at: row.try_get("created_at")?,
        })
    }
}

const LISTING: Listing = Listing {
    table: "api_keys",
    key: "id",
    columns: "id, user_id, name, prefix, scopes, expires_at, last_used_at, created_at",
    joins: "",
};

/// One page of those that are not revoked, and how many there are in all.
pub async fn list(
    pool: &AnyPool,
    filter: Filter,
    page: &Page,
) -> Result<(Vec<ApiKey>, Total), sqlx::Error> {
    let filter = filter.always("revoked_at IS NULL");
    filter
        .page(pool, &LISTING, page, |row| ApiKey::from_row(row))
        .await
}

/// How many a user has.
pub async fn count(connection: &mut AnyConnection, user_id: UserId) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar("SELECT COUNT(*) FROM api_keys WHERE user_id = $1 AND revoked_at IS NULL")
        .bind(user_id)
        .fetch_one(connection)
        .await
}

pub async fn find(pool: &AnyPool, id: ApiKeyId) -> Result<Option<ApiKey>, sqlx::Error> {
    sqlx::query_as(
        "SELECT id, user_id, name, prefix, scopes, expires_at, last_used_at, created_at
         FROM api_keys WHERE id = $1 AND revoked_at IS NULL",
    )
    .bind(id)
    .fetch_optional(pool)
    .await
}

/// A key that is neither revoked nor over, by the digest of its text.
pub async fn find_live(
    pool: &AnyPool,
    digest: &str,
    now: Micros,
) -> Result<Option<ApiKey>, sqlx::Error> {
    sqlx::query_as(
        "SELECT id, user_id, name, prefix, scopes, expires_at, last_used_at, created_at
         FROM api_keys
         WHERE digest = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $2)",
    )
    .bind(digest)
    .bind(now)
    .fetch_optional(pool)
    .await
}

pub async fn insert(
    connection: &mut AnyConnection,
    key: &ApiKey,
    digest: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO api_keys (id, user_id, name, prefix, digest, scopes, expires_at, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(key.id)
    .bind(key.user_id)
    .bind(key.name.as_str())
    .bind(key.prefix.as_str())
    .bind(digest)
    .bind(Value::from(key.scopes.clone()).to_string())
    .bind(key.expires_at)
    .bind(key.created_at)
    .execute(connection)
    .await?;
    Ok(())
}

/// False when it was revoked already.
pub async fn revoke(
    connection: &mut AnyConnection,
    id: ApiKeyId,
    now: Micros,
) -> Result<bool, sqlx::Error> {
    let done =
        sqlx::query("UPDATE api_keys SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL")
            .bind(id)
            .bind(now)
            .execute(connection)
            .await?;
    Ok(done.rows_affected() == 1)
}

pub async fn revoke_all(
    connection: &mut AnyConnection,
    user_id: UserId,
    now: Micros,
) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE api_keys SET revoked_at = $2 WHERE user_id = $1 AND revoked_at IS NULL")
        .bind(user_id)
        .bind(now)
        .execute(connection)
        .await?;
    Ok(())
}

/// Returns how many were good.
pub async fn revoke_everybodys(
    connection: &mut AnyConnection,
    now: Micros,
) -> Result<u64, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE api_keys SET revoked_at = $1 WHERE revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $1)",
    )
    .bind(now)
    .execute(connection)
    .await?;
    Ok(done.rows_affected())
}

pub async fn used(pool: &AnyPool, id: ApiKeyId, now: Micros) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE api_keys SET last_used_at = $2 WHERE id = $1")
        .bind(id)
        .bind(now)
        .execute(pool)
        .await?;
    Ok(())
}
