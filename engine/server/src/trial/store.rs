//! SQL of test messages.

use super::message::Repo;
use crate::{
    clock::Micros,
    template::{Template, engine::Rendered},
};
use push_notify_host::Event;
use sqlx::{AnyConnection, AnyPool, Row as _};

/// As much of a commit as a push record shows, in characters.
const ID_LENGTH: usize = 64;
const MESSAGE_LENGTH: usize = 500;

/// An event and its push.
pub(super) struct NewTrial<'a> {
    pub event_id: i64,
    pub push_id: i64,
    /// 0: none is linked.
    pub repo_id: i64,
    pub uid: String,
    pub event: &'a Event,
    pub packed_event: Vec<u8>,
    pub packed_body: Vec<u8>,
    pub sealed_headers: String,
    pub target_id: i64,
    pub template: &'a Template,
    pub rendered: Rendered,
    pub now: Micros,
}

/// The first repository that is linked to the target.
pub(super) async fn repo_of(pool: &AnyPool, target_id: i64) -> Result<Option<Repo>, sqlx::Error> {
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

/// The push is due at once, and has one try.
pub(super) async fn insert(
    connection: &mut AnyConnection,
    new: &NewTrial<'_>,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO events (id, repo_id, uid, state, reason, delivery_key, kind, event, headers, body, received_at)
         VALUES ($1, $2, $3, 'accepted', 'a test message', $4, $5, $6, $7, $8, $9)",
    )
    .bind(new.event_id)
    .bind(new.repo_id)
    .bind(new.uid.as_str())
    .bind(format!("test:{}", new.uid))
    .bind(new.event.kind.as_str())
    .bind(new.packed_event.as_slice())
    .bind(new.sealed_headers.as_str())
    .bind(new.packed_body.as_slice())
    .bind(new.now)
    .execute(&mut *connection)
    .await?;
    let commit = new.event.commits.first();
    sqlx::query(
        "INSERT INTO pushes (id, event_id, repo_id, target_id, template_id, scene, commit_id, commit_msg, state, attempts,
            run_at, title, body, most_attempts, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'pending', 0, $9, $10, $11, 1, $9)",
    )
    .bind(new.push_id)
    .bind(new.event_id)
    .bind(new.repo_id)
    .bind(new.target_id)
    .bind(new.template.id)
    .bind(new.template.scene.as_str())
    .bind(short(commit.map(|commit| &commit.id), ID_LENGTH))
    .bind(short(commit.map(|commit| &commit.message), MESSAGE_LENGTH))
    .bind(new.now)
    .bind(new.rendered.title.as_str())
    .bind(new.rendered.body.as_str())
    .execute(connection)
    .await?;
    Ok(())
}

/// Its state and why.
pub(super) async fn outcome(
    pool: &AnyPool,
    push_id: i64,
) -> Result<Option<(String, Option<String>)>, sqlx::Error> {
    sqlx::query_as("SELECT state, reason FROM pushes WHERE id = $1")
        .bind(push_id)
        .fetch_optional(pool)
        .await
}

/// Without the NUL that PostgreSQL refuses.
fn short(text: Option<&String>, length: usize) -> String {
    let text = text.map(String::as_str).unwrap_or_default();
    text.chars().filter(|c| *c != '\0').take(length).collect()
}
