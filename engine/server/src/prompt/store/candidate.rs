use super::list_of;
use crate::{
    prompt::{
        choose::Candidate,
        labels::{CATEGORIES, SEVERITIES, or_usual},
    },
    storage::Owner,
};
use sqlx::{AnyPool, FromRow, Row as _, any::AnyRow};

impl FromRow<'_, AnyRow> for Candidate {
    fn from_row(row: &AnyRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: row.try_get("id")?,
            version: row.try_get("version")?,
            content: row.try_get("content")?,
            model_id: row.try_get("model_id")?,
            language: row.try_get("language")?,
            scene: row.try_get("scene")?,
            locale: row.try_get("locale")?,
            is_system: row.try_get::<i64, _>("is_system")? == 1,
            owner: Owner::of_columns(row.try_get("user_id")?, row.try_get("team_id")?),
            categories: or_usual(list_of(row, "categories")?, &CATEGORIES),
            severities: or_usual(list_of(row, "severities")?, &SEVERITIES),
        })
    }
}

/// Every prompt that can ask for a review.
pub async fn candidates(pool: &AnyPool) -> Result<Vec<Candidate>, sqlx::Error> {
    sqlx::query_as(
        "SELECT p.id, p.version, p.content, p.model_id, p.language, p.scene, p.locale, p.is_system, p.categories, p.severities,
            u.id AS user_id, p.team_id
         FROM prompts p LEFT JOIN users u ON u.id = p.owner_id AND u.role <> 'admin'
         WHERE p.type = 'codeview' AND p.deleted_at IS NULL ORDER BY p.id",
    )
    .fetch_all(pool)
    .await
}
