//! SQL on `repos`.

use super::{
    Repo, Status, former,
    types::{Entry, webhook_url},
};
use crate::{
    owner::{Owner, store::owner_of},
    plugin::settings::Stored,
};
use push_notify_core::{
    clock::{Micros, rfc3339},
    id::RepoId,
};
use push_notify_db::{
    list::{Filter, Listing},
    page::{Page, Total},
};
use push_notify_review::ReviewSettings;
use serde_json::Value;
use sqlx::{AnyConnection, AnyPool, AssertSqlSafe, FromRow, Row as _, any::AnyRow};

impl FromRow<'_, AnyRow> for Repo {
    fn from_row(row: &AnyRow) -> Result<Self, sqlx::Error> {
        let json = |error: serde_json::Error| sqlx::Error::Decode(error.into());
        let text = |column: &str| row.try_get::<String, _>(column);
        Ok(Self {
            id: row.try_get("id")?,
            name: text("name")?,
            url: text("url")?,
            kind: text("type")?,
            webhook_id: text("webhook_id")?,
            webhook_secret: text("webhook_secret")?,
            access_token: row.try_get("access_token")?,
            access_token_by: row.try_get("access_token_by")?,
            settings: Stored::parse(&text("config")?, &text("secrets")?).map_err(json)?,
            webhook_events: serde_json::from_str(&text("webhook_events")?).map_err(json)?,
            model_id: row.try_get("model_id")?,
            review: ReviewSettings::from_stored(row.try_get("review")?).map_err(json)?,
            tell_repeats: row.try_get::<i64, _>("tell_repeats")? != 0,
            status: Status::from_stored(&text("status")?),
            owner: owner_of(row)?,
            created_at: row.try_get("created_at")?,
            updated_at: row.try_get("updated_at")?,
        })
    }
}

/// Of `r`, with names from `u` and `g`.
const OWNER: &str = "r.owner_id, u.username AS owner_name, r.team_id, g.name AS team_name";
const JOIN_OWNER: &str = "LEFT JOIN users u ON u.id = r.owner_id AND u.deleted_at IS NULL
    LEFT JOIN teams g ON g.id = r.team_id AND g.deleted_at IS NULL";

pub async fn find(pool: &AnyPool, id: RepoId) -> Result<Option<Repo>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(format!(
        "SELECT r.id, r.name, r.url, r.type, r.webhook_id, r.webhook_secret, r.access_token, r.access_token_by, r.config, r.secrets,
            r.webhook_events, r.model_id, r.review, r.tell_repeats, r.status, {OWNER}, r.created_at, r.updated_at
         FROM repos r {JOIN_OWNER} WHERE r.id = $1 AND r.deleted_at IS NULL"
    )))
    .bind(id)
    .fetch_optional(pool)
    .await
}

/// One page, and how many there are in all. `filter` is on `r`.
pub async fn list(
    pool: &AnyPool,
    filter: Filter,
    page: &Page,
    public_base: &str,
) -> Result<(Vec<Entry>, Total), sqlx::Error> {
    let listing = Listing {
        table: "repos r",
        key: "r.id",
        columns: "r.id, r.name, r.url, r.type, r.webhook_id, r.status, r.created_at, r.updated_at,
            r.owner_id, u.username AS owner_name, r.team_id, g.name AS team_name,
            (SELECT COUNT(*) FROM repo_targets l JOIN targets t ON t.id = l.target_id
                WHERE l.repo_id = r.id AND t.deleted_at IS NULL) AS target_count",
        joins: JOIN_OWNER,
    };
    let filter = filter.always("r.deleted_at IS NULL");
    let entry = |row: &AnyRow| {
        Ok(Entry {
            id: row.try_get("id")?,
            name: row.try_get("name")?,
            url: row.try_get("url")?,
            kind: row.try_get("type")?,
            webhook_url: webhook_url(public_base, &row.try_get::<String, _>("webhook_id")?),
            target_count: row.try_get("target_count")?,
            status: Status::from_stored(&row.try_get::<String, _>("status")?),
            owner: owner_of(row)?,
            created_at: rfc3339(row.try_get("created_at")?),
            updated_at: rfc3339(row.try_get("updated_at")?),
        })
    };
    filter.page(pool, &listing, page, entry).await
}

/// Fails with a unique violation when the name is taken.
pub async fn insert(connection: &mut AnyConnection, repo: &Repo) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO repos (id, name, url, type, webhook_id, webhook_secret, access_token, config, secrets,
            webhook_events, model_id, review, status, created_at, updated_at, access_token_by, owner_id, team_id,
            tell_repeats)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)",
    )
    .bind(repo.id)
    .bind(repo.name.as_str())
    .bind(repo.url.as_str())
    .bind(repo.kind.as_str())
    .bind(repo.webhook_id.as_str())
    .bind(repo.webhook_secret.as_str())
    .bind(repo.access_token.as_deref())
    .bind(repo.settings.config_json())
    .bind(repo.settings.secrets_json())
    .bind(Value::from(repo.webhook_events.clone()).to_string())
    .bind(repo.model_id)
    .bind(review(repo)?)
    .bind(repo.status.name())
    .bind(repo.created_at)
    .bind(repo.updated_at)
    .bind(repo.access_token_by)
    .bind(Owner::user_id(repo.owner.as_ref()))
    .bind(Owner::team_id(repo.owner.as_ref()))
    .bind(i64::from(repo.tell_repeats))
    .execute(connection)
    .await?;
    Ok(())
}

/// False when somebody changed or deleted it since it was read. Fails with a unique violation when
/// the name is taken.
pub async fn update(
    connection: &mut AnyConnection,
    repo: &Repo,
    now: Micros,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE repos SET name = $3, url = $4, type = $5, webhook_secret = $6, access_token = $7, config = $8,
            secrets = $9, webhook_events = $10, model_id = $11, review = $12, status = $13, updated_at = $14,
            access_token_by = $15, owner_id = $16, team_id = $17, tell_repeats = $18
         WHERE id = $1 AND updated_at = $2 AND deleted_at IS NULL",
    )
    .bind(repo.id)
    .bind(repo.updated_at)
    .bind(repo.name.as_str())
    .bind(repo.url.as_str())
    .bind(repo.kind.as_str())
    .bind(repo.webhook_secret.as_str())
    .bind(repo.access_token.as_deref())
    .bind(repo.settings.config_json())
    .bind(repo.settings.secrets_json())
    .bind(Value::from(repo.webhook_events.clone()).to_string())
    .bind(repo.model_id)
    .bind(review(repo)?)
    .bind(repo.status.name())
    .bind(now.max(repo.updated_at + 1))
    .bind(repo.access_token_by)
    .bind(Owner::user_id(repo.owner.as_ref()))
    .bind(Owner::team_id(repo.owner.as_ref()))
    .bind(i64::from(repo.tell_repeats))
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Marks it as deleted and removes its links and former secrets. False when it is not there.
pub async fn delete(
    connection: &mut AnyConnection,
    id: RepoId,
    now: Micros,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query("UPDATE repos SET deleted_at = $2 WHERE id = $1 AND deleted_at IS NULL")
        .bind(id)
        .bind(now)
        .execute(&mut *connection)
        .await?;
    sqlx::query("DELETE FROM repo_targets WHERE repo_id = $1")
        .bind(id)
        .execute(&mut *connection)
        .await?;
    former::store::remove(connection, id).await?;
    Ok(done.rows_affected() == 1)
}

fn review(repo: &Repo) -> Result<Option<String>, sqlx::Error> {
    let stored = repo.review.to_stored();
    stored.map_err(|error| sqlx::Error::Encode(error.into()))
}
