//! SQL of test messages.

use super::message::Repo;
use crate::push::PushState;
use push_notify_core::id::{PushId, TargetId};
use sqlx::{AnyPool, Row as _};

/// The first repository that is linked to the target.
pub(super) async fn repo_of(
    pool: &AnyPool,
    target_id: TargetId,
) -> Result<Option<Repo>, sqlx::Error> {
    let row = sqlx::query(
        "SELECT r.id, r.name, r.url FROM repos r JOIN repo_targets l ON l.repo_id = r.id
         WHERE l.target_id = $1 AND r.deleted_at IS NULL ORDER BY r.id LIMIT 1",
    )
    .bind(target_id)
    .fetch_optional(pool)
    .await?;
    row.map(|row| {
        Ok(Repo {
            id: row.try_get("id")?,
            name: row.try_get("name")?,
            url: row.try_get("url")?,
        })
    })
    .transpose()
}

/// Its state and why.
pub(super) async fn outcome(
    pool: &AnyPool,
    push_id: PushId,
) -> Result<Option<(PushState, Option<String>)>, sqlx::Error> {
    sqlx::query_as("SELECT state, reason FROM pushes WHERE id = $1")
        .bind(push_id)
        .fetch_optional(pool)
        .await
}
