use super::{
    message::{self, Repo},
    store,
};
use crate::{
    app::App,
    auth::CurrentUser,
    event::codec,
    http::{ApiError, code},
    log::operation::AuditEntry,
    push::{
        PushState, Status,
        store::{Ready, insert_ready},
    },
    repo,
    target::{Target, health},
    template::{self, Template},
};
use push_notify_core::{
    i18n::Text,
    id::{PushId, RepoId},
    random,
    secret::Place,
};
use push_notify_template::{digest_data, scene::DIGEST};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};
use std::time::Duration;
use tokio::time::Instant;

/// How long the caller waits for the end.
const DELIVERY_TIMEOUT: Duration = Duration::from_secs(15);
/// Any node may send it: only the table tells.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// A test message that is to be sent.
pub(super) struct Trial<'a> {
    pub target: &'a Target,
    /// Of the target's type.
    pub template: &'a Template,
    /// What is not made up.
    pub data: Map<String, Value>,
}

/// What became of it.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "TestMessage")]
pub struct Tried {
    push_id: PushId,
    /// `pending`: it waits for its turn, and goes out later.
    pub(super) status: Status,
    error: Option<String>,
}

/// Renders the message, hands it to the queue, and waits for its end.
pub(super) async fn run(
    app: &App,
    user: &CurrentUser,
    trial: Trial<'_>,
    audit: AuditEntry<'_>,
) -> Result<Tried, ApiError> {
    if trial.target.status != repo::Status::Active {
        return Err(ApiError::conflict(Text::new(
            "推送目标已停用，请先启用",
            "The target is disabled: enable it first",
        )));
    }
    let repo = store::repo_of(app.db.read(), trial.target.id).await?;
    let push_id = insert(app, user, trial, repo, audit).await?;
    app.pushes_due();
    let (state, reason) = ended(app, push_id).await?;
    let status = Status::of_state(state);
    Ok(Tried {
        push_id,
        status,
        error: reason.filter(|_| status != Status::Success),
    })
}

/// The event and its one push, rendered already; returns the push's id.
async fn insert(
    app: &App,
    user: &CurrentUser,
    trial: Trial<'_>,
    repo: Option<Repo>,
    audit: AuditEntry<'_>,
) -> Result<PushId, ApiError> {
    let given = trial.data.clone();
    let data = message::data(trial.data, repo.as_ref());
    let event = message::event(&data, repo.as_ref());
    let packed = |value: Result<Vec<u8>, serde_json::Error>| {
        value
            .map(|text| codec::pack(&text))
            .map_err(ApiError::internal)
    };
    let packed_event = packed(serde_json::to_vec(&event))?;
    let packed_body = packed(serde_json::to_vec(&data))?;
    let told = match trial.template.scene.as_str() {
        // It tells of several such pushes.
        DIGEST => digest_data(given),
        _ => data,
    };
    let rendered = template::render_stored(trial.template, told).await?;
    let repo_id = repo.map_or(RepoId::default(), |repo| repo.id);
    let place = Place {
        table: "events",
        column: "headers",
        row: repo_id.get(),
    };
    let commit = event.commits.first();
    let now = app.clock.now_us();
    let mut new = Ready {
        event_id: app.db.take_id().await?,
        push_id: app.db.take_id().await?,
        repo_id,
        uid: random::hex::<16>(),
        origin: "test",
        reason: "a test message",
        event: &event,
        packed_event,
        packed_body,
        sealed_headers: app.vault.seal(place, b"[]"),
        target_id: trial.target.id,
        template_id: Some(trial.template.id),
        scene: &trial.template.scene,
        commit_id: commit.map_or("", |commit| &commit.id),
        commit_msg: commit.map_or("", |commit| &commit.message),
        rendered,
        // What its sender is told must stay true.
        most_attempts: 1,
        due_at: now,
        waits_for: None,
        now,
    };
    let mut transaction = app.db.begin().await?;
    // Somebody wants to know now whether it is well again: this message is the one that tries,
    // ahead of all that waits.
    let is_probe = health::store::end_rest(&mut transaction, new.target_id, now).await?;
    if is_probe {
        new.due_at = 0;
    }
    insert_ready(&mut transaction, &new).await?;
    let detail = format!("push {}", new.push_id);
    user.record(app, &mut transaction, audit.with(&detail))
        .await?;
    transaction.commit().await?;
    if is_probe {
        app.changed();
    }
    Ok(new.push_id)
}

/// State and reason when it has ended, or after [`DELIVERY_TIMEOUT`].
async fn ended(app: &App, push_id: PushId) -> Result<(PushState, Option<String>), ApiError> {
    let deadline = Instant::now() + DELIVERY_TIMEOUT;
    loop {
        let (state, reason) = store::outcome(app.db.read(), push_id)
            .await?
            .ok_or(&code::PUSH_NOT_FOUND)?;
        if state != PushState::Pending || Instant::now() >= deadline {
            return Ok((state, reason));
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}
