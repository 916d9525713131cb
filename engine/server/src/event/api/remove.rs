//! Removing what never became an event: what is parked, and what was discarded.

use crate::{
    app::App,
    auth::CurrentUser,
    event::{EventState, store},
    http::{
        Answer, ApiError, Reply,
        extract::{Body, Form, FromForm, Id},
    },
    log::operation::AuditEntry,
};
use axum::extract::State;
use push_notify_core::{
    i18n::Text,
    id::{EventId, RepoId},
};
use schemars::JsonSchema;
use serde::Serialize;

/// As many as one request removes by their state.
const MOST: usize = 10_000;
/// Rows of one transaction: their bodies may be large.
const AT_ONCE: usize = 64;

const REMOVED: Text = Text::new("事件已删除", "Removed");

/// By their ids, or all of a state, of one repository or of all.
pub struct Removals {
    event_ids: Vec<EventId>,
    state: Option<EventState>,
    repo_id: Option<RepoId>,
}

impl FromForm for Removals {
    const EXAMPLE: &'static str = r#"{"state": "discarded", "repo_id": 7}"#;

    fn read(form: &mut Form) -> Self {
        let event_ids = form.ids("event_ids").unwrap_or_default();
        let removable = EventState::REMOVABLE.map(EventState::name);
        let state = form
            .choice("state", &removable)
            .and_then(EventState::of_name);
        let repo_id = form.id("repo_id");
        if event_ids.is_empty() && !form.is_filled("state") {
            let problem = Text::new(
                "不能为空，除非指定了state",
                "must not be empty unless there is a state",
            );
            form.refuse("event_ids", &problem);
        }
        Self {
            event_ids,
            state,
            repo_id,
        }
    }
}

#[derive(Debug, Default, Serialize, JsonSchema)]
#[schemars(rename = "RemovedEvents")]
pub struct Removed {
    removed: usize,
    /// Of the given ids those that were not removed: they are not there, or neither parked nor
    /// discarded, or not what else was asked for.
    kept: Vec<EventId>,
    /// There are more than one request removes.
    more: bool,
}

/// `DELETE /events/{id}`
pub async fn remove(
    State(app): State<App>,
    user: CurrentUser,
    Id(id): Id<EventId>,
) -> Answer<Removed> {
    let removed = remove_some(&app, &user, &[id], None, None).await?;
    if !removed.is_empty() {
        let removed = Removed {
            removed: 1,
            ..Removed::default()
        };
        return Reply::say(REMOVED, removed);
    }
    let event = store::find(app.db.read(), id).await;
    event
        .map_err(ApiError::internal)?
        .ok_or_else(ApiError::not_found)?;
    Err(ApiError::conflict(Text::new(
        "只能删除暂存或已丢弃的事件；其他事件按retention的设置清除",
        "Only a parked or discarded event can be removed; others go by `retention`",
    )))
}

/// `DELETE /events/batch-delete`: those of the ids, or of the state, that are parked or discarded.
pub async fn remove_many(
    State(app): State<App>,
    user: CurrentUser,
    body: Body<Removals>,
) -> Answer<Removed> {
    let Removals {
        event_ids,
        state,
        repo_id,
    } = body.checked()?;
    if event_ids.is_empty() {
        return remove_all(&app, &user, state, repo_id).await;
    }
    let mut removed = Vec::new();
    for ids in event_ids.chunks(AT_ONCE) {
        removed.extend(remove_some(&app, &user, ids, state, repo_id).await?);
    }
    let kept = event_ids.into_iter().filter(|id| !removed.contains(id));
    let kept = kept.collect();
    let removed = removed.len();
    Reply::say(
        REMOVED,
        Removed {
            removed,
            kept,
            more: false,
        },
    )
}

/// The oldest first.
async fn remove_all(
    app: &App,
    user: &CurrentUser,
    state: Option<EventState>,
    repo_id: Option<RepoId>,
) -> Answer<Removed> {
    let mut done = Removed::default();
    loop {
        let ids = store::removable(app.db.read(), state, repo_id, AT_ONCE).await?;
        done.more = !ids.is_empty() && done.removed >= MOST;
        if ids.is_empty() || done.more {
            return Reply::say(REMOVED, done);
        }
        done.removed += remove_some(app, user, &ids, state, repo_id).await?.len();
    }
}

/// In a transaction of its own: others that write come in between. Returns the ids of those that
/// are gone.
async fn remove_some(
    app: &App,
    user: &CurrentUser,
    ids: &[EventId],
    state: Option<EventState>,
    repo_id: Option<RepoId>,
) -> Result<Vec<EventId>, ApiError> {
    let mut transaction = app.db.begin().await?;
    let removed = store::remove(&mut transaction, ids, state, repo_id).await?;
    for gone in &removed {
        let audit = AuditEntry::new("event.delete", gone.id, "").with(gone.state.name());
        user.record(app, &mut transaction, audit).await?;
    }
    transaction.commit().await?;
    for gone in &removed {
        app.storage.add(gone.repo_id, -gone.bytes);
    }
    Ok(removed.into_iter().map(|gone| gone.id).collect())
}
