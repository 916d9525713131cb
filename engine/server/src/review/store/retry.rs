use push_notify_core::{
    clock::Micros,
    id::{EventId, RepoId, ReviewId},
};
use sqlx::{AnyConnection, Row as _};

/// What a retry of a review depends on.
pub struct Standing {
    pub title: Option<String>,
    pub event_is_there: bool,
    pub repo_is_there: bool,
}

pub async fn standing(
    connection: &mut AnyConnection,
    id: ReviewId,
) -> Result<Option<Standing>, sqlx::Error> {
    let row = sqlx::query(
        "SELECT v.title, e.id AS event_id, r.id AS repo_id
         FROM reviews v LEFT JOIN events e ON e.id = v.id
            LEFT JOIN repos r ON r.id = v.repo_id AND r.deleted_at IS NULL
         WHERE v.id = $1",
    )
    .bind(id)
    .fetch_optional(connection)
    .await?;
    row.map(|row| {
        Ok(Standing {
            title: row.try_get("title")?,
            event_is_there: row.try_get::<Option<EventId>, _>("event_id")?.is_some(),
            repo_is_there: row.try_get::<Option<RepoId>, _>("repo_id")?.is_some(),
        })
    })
    .transpose()
}

/// Makes the review due again, without what came out of it. The tokens stay, since they were used,
/// and so does the comment at the host, to be updated. False when it is under way.
pub async fn restart(
    connection: &mut AnyConnection,
    id: ReviewId,
    now: Micros,
    due_by: Micros,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE reviews SET triggered_by = 'retry', state = 'pending', step = 'review', attempts = 0, run_at = $2, due_by = $3,
            reason = NULL, same_as = NULL, decision = NULL, score = NULL, summary = NULL, issues = '[]', issue_count = 0,
            fallbacks = '[]', coverage = NULL, prompt_id = NULL, model_id = NULL, model = NULL, started_at = NULL,
            completed_at = NULL, publication = NULL, publication_reason = NULL
         WHERE id = $1 AND step IS NULL AND state <> 'pending'",
    )
    .bind(id)
    .bind(now)
    .bind(due_by)
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}
