use super::insert;
use crate::push::{Besides, NewPush};
use push_notify_core::{
    clock::Micros,
    id::{EventId, PushId, RepoId, TargetId, TemplateId},
};
use push_notify_host::Event;
use push_notify_template::Rendered;
use sqlx::AnyConnection;

/// As much of a commit as a push record shows, in characters.
const ID_LENGTH: usize = 64;
const MESSAGE_LENGTH: usize = 500;

/// An event of the server's own, and its one push, which is rendered already.
pub struct Ready<'a> {
    pub event_id: EventId,
    pub push_id: PushId,
    /// 0: none.
    pub repo_id: RepoId,
    pub uid: String,
    /// What such events are called: the first part of the delivery key.
    pub origin: &'static str,
    pub reason: &'static str,
    pub event: &'a Event,
    pub packed_event: Vec<u8>,
    pub packed_body: Vec<u8>,
    pub sealed_headers: String,
    pub target_id: TargetId,
    pub template_id: Option<TemplateId>,
    pub scene: &'a str,
    pub commit_id: &'a str,
    pub commit_msg: &'a str,
    pub rendered: Rendered,
    pub most_attempts: i64,
    /// When the push is due, and what it waits for until then.
    pub due_at: Micros,
    pub waits_for: Option<&'static str>,
    pub now: Micros,
}

pub async fn insert_ready(
    connection: &mut AnyConnection,
    new: &Ready<'_>,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO events (id, repo_id, uid, state, reason, delivery_key, kind, event, headers, body, received_at)
         VALUES ($1, $2, $3, 'accepted', $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(new.event_id)
    .bind(new.repo_id)
    .bind(new.uid.as_str())
    .bind(new.reason)
    .bind(format!("{}:{}", new.origin, new.uid))
    .bind(new.event.kind.as_str())
    .bind(new.packed_event.as_slice())
    .bind(new.sealed_headers.as_str())
    .bind(new.packed_body.as_slice())
    .bind(new.now)
    .execute(&mut *connection)
    .await?;
    let (commit_id, commit_msg) = (
        short(new.commit_id, ID_LENGTH),
        short(new.commit_msg, MESSAGE_LENGTH),
    );
    let push = NewPush {
        id: new.push_id,
        event_id: new.event_id,
        repo_id: new.repo_id,
        target_id: new.target_id,
        scene: new.scene,
        commit_id: &commit_id,
        commit_msg: &commit_msg,
        run_at: new.due_at,
        choice: None,
        lease: None,
        now: new.now,
    };
    let besides = Besides {
        template_id: new.template_id,
        rendered: Some(&new.rendered),
        most_attempts: Some(new.most_attempts),
        waits_for: new.waits_for,
        ..Besides::default()
    };
    insert(connection, &push, &besides).await
}

/// Without the NUL that PostgreSQL refuses.
fn short(text: &str, length: usize) -> String {
    text.chars().filter(|c| *c != '\0').take(length).collect()
}
