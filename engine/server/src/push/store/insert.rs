use crate::push::{Besides, NewPush};
use push_notify_core::id::{EventId, PushId, TargetId};
use sqlx::AnyConnection;

/// The statement of the committer on SQLite, for one [`NewPush`]: its fields in their order, with
/// the attempts before `run_at`.
pub const INSERT_ONE: &str = "INSERT INTO pushes (id, event_id, repo_id, target_id, scene, commit_id, commit_msg, state, attempts,
        run_at, lease, choice, created_at)
    VALUES (?, ?, ?, ?, ?, ?, ?, 'pending', ?, ?, ?, ?, ?)";

/// The same on PostgreSQL for many: an array for each column.
pub const INSERT_MANY: &str = "INSERT INTO pushes (id, event_id, repo_id, target_id, scene, commit_id, commit_msg, state, attempts,
        run_at, lease, choice, created_at)
    SELECT id, event_id, repo_id, target_id, scene, commit_id, commit_msg, 'pending', attempts, run_at, lease, choice, created_at
    FROM UNNEST($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
        AS v (id, event_id, repo_id, target_id, scene, commit_id, commit_msg, attempts, run_at, lease, choice, created_at)";

pub async fn insert(
    connection: &mut AnyConnection,
    new: &NewPush<'_>,
    besides: &Besides<'_>,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO pushes (id, event_id, repo_id, target_id, scene, commit_id, commit_msg, state, attempts, run_at, lease,
            created_at, retry_of, replay_id, form_id, template_id, title, body, most_attempts, waits_for, choice)
         VALUES ($1, $2, $3, $4, $5, $6, $7, 'pending', $8, $9, $10, $11, $12, $13, $13, $14, $15, $16, $17, $18, $19)",
    )
    .bind(new.id)
    .bind(new.event_id)
    .bind(new.repo_id)
    .bind(new.target_id)
    .bind(new.scene)
    .bind(new.commit_id)
    .bind(new.commit_msg)
    .bind(new.attempts())
    .bind(new.run_at)
    .bind(new.lease)
    .bind(new.now)
    .bind(besides.retry_of)
    .bind(besides.replay_id)
    .bind(besides.template_id)
    .bind(besides.rendered.map(|rendered| rendered.title.as_str()))
    .bind(besides.rendered.map(|rendered| rendered.body.as_str()))
    .bind(besides.most_attempts)
    .bind(besides.waits_for)
    .bind(new.choice)
    .execute(connection)
    .await?;
    Ok(())
}

/// The first push of the event to this target.
pub async fn first_to(
    connection: &mut AnyConnection,
    event_id: EventId,
    target_id: TargetId,
) -> Result<Option<PushId>, sqlx::Error> {
    sqlx::query_scalar(
        "SELECT MIN(id) FROM pushes WHERE event_id = $1 AND target_id = $2 AND retry_of IS NULL",
    )
    .bind(event_id)
    .bind(target_id)
    .fetch_one(connection)
    .await
}
