//! Telling through a target: a push as a test message is one, with the usual attempts.

use super::{
    message::Message,
    store::{self, Failing, Through},
};
use crate::{
    app::App,
    event::codec,
    push::store::{Ready, insert_ready},
};
use push_notify_core::{id::RepoId, random, secret::Place};
use push_notify_host::{Event, Repository};
use push_notify_template::Rendered;

/// What such pushes and their events are called.
const SCENE: &str = "target_notice";

#[derive(Debug, thiserror::Error)]
pub(super) enum PushError {
    #[error("the notice cannot be stored: {0}")]
    Content(#[from] serde_json::Error),
    #[error("database: {0}")]
    Database(#[from] sqlx::Error),
}

/// That it was told is on disk together with the push.
pub(super) async fn push(
    app: &App,
    failing: &Failing,
    through: &Through,
    message: &Message,
) -> Result<(), PushError> {
    let now = app.clock.now_us();
    let quiet = through.quiet.as_ref();
    let quiet_until = quiet.and_then(|quiet| quiet.until(now, None));
    let event = event(failing);
    let place = Place {
        table: "events",
        column: "headers",
        row: 0,
    };
    let ready = Ready {
        event_id: app.db.take_id().await?,
        push_id: app.db.take_id().await?,
        repo_id: RepoId::default(),
        uid: random::hex::<16>(),
        origin: "notice",
        reason: "a notice about a failing target",
        packed_event: codec::pack(&serde_json::to_vec(&event)?),
        packed_body: codec::pack(b"{}"),
        sealed_headers: app.vault.seal(place, b"[]"),
        event: &event,
        target_id: through.target_id,
        template_id: None,
        scene: SCENE,
        commit_id: "",
        commit_msg: &message.title,
        rendered: Rendered {
            title: message.title.clone(),
            body: message.markdown(),
        },
        most_attempts: i64::from(app.config.delivery.max_attempts),
        due_at: quiet_until.unwrap_or(now),
        waits_for: quiet_until.map(|_| "quiet_hours"),
        now,
    };
    let mut transaction = app.db.begin().await?;
    if store::told(&mut *transaction, failing, now).await? {
        insert_ready(&mut transaction, &ready).await?;
        transaction.commit().await?;
        app.wake.notify_one();
    }
    Ok(())
}

fn event(failing: &Failing) -> Event {
    Event {
        provider: "push-notify".to_owned(),
        kind: SCENE.to_owned(),
        repository: Repository {
            full_name: failing.name.clone(),
            ..Repository::default()
        },
        ..Event::default()
    }
}
