//! The SQL of a replayed event.

mod record;

pub(super) use record::{prompt_name, prompt_then, sent, target_names};

use super::event::{ReplayError, Stored};
use crate::{
    app::App,
    event::{EventState, codec},
    pipeline::{
        Pipeline,
        commit::{Accepted, NewReview, insert_reviews},
        ingest::one,
        parked::{late, unpark::StoredDelivery},
        store::Error,
    },
    push::{
        self, Besides, NewPush,
        state::{DEAD, WAITING},
    },
    review,
};
use push_notify_core::{
    clock::Micros,
    id::{EventId, PushId, ReplayId, RepoId, ReviewId, TargetId},
};
use push_notify_db::{Dialect, list::among};
use serde_json::{Value, json};
use sqlx::{AnyConnection, AssertSqlSafe, Row as _};

/// With the id of its repository. None: there is no such event.
pub(super) async fn event(
    pipeline: &Pipeline,
    event_id: EventId,
) -> Result<Option<(RepoId, Stored)>, ReplayError> {
    let row = sqlx::query(
        "SELECT e.repo_id, e.uid, e.state, e.delivery_key, e.headers, e.body, e.event, e.received_at, e.parked_settings, v.id AS review_id
         FROM events e LEFT JOIN reviews v ON v.id = e.id WHERE e.id = $1",
    )
    .bind(event_id)
    .fetch_optional(pipeline.app.db.read())
    .await?;
    let Some(row) = row else { return Ok(None) };
    let repo_id = row.get("repo_id");
    let state: EventState = row.get("state");
    let unreadable = |what: String| Error::Row(format!("event {event_id}: {what}"));
    let event = match row.get::<Option<Vec<u8>>, _>("event") {
        Some(packed) => {
            let text = codec::unpack(&packed, codec::MOST_BYTES)
                .map_err(|error| unreadable(error.to_string()))?;
            Some(serde_json::from_slice(&text).map_err(|error| unreadable(error.to_string()))?)
        }
        None => None,
    };
    let stored = StoredDelivery {
        repo_id,
        headers: row.get("headers"),
        body: row.get("body"),
    };
    if stored.body.is_empty() {
        return Err(ReplayError::BodyGone);
    }
    Ok(Some((
        repo_id,
        Stored {
            uid: row.get("uid"),
            webhook: pipeline.webhook(event_id, &stored)?,
            state,
            received_at: row.get("received_at"),
            event,
            parked_settings: late::settings(
                &pipeline.app.vault,
                repo_id,
                row.get("parked_settings"),
            )?,
            place: row
                .get::<Option<String>, _>("delivery_key")
                .map_or(0, |key| one::place(&key)),
            has_review: row.get::<Option<ReviewId>, _>("review_id").is_some(),
        },
    )))
}

/// Who replays the same event meanwhile waits.
pub(super) async fn lock(
    app: &App,
    connection: &mut AnyConnection,
    event_id: EventId,
) -> Result<(), sqlx::Error> {
    if app.db.dialect() == Dialect::Postgres {
        sqlx::query("SELECT id FROM events WHERE id = $1 FOR UPDATE")
            .bind(event_id)
            .execute(connection)
            .await?;
    }
    Ok(())
}

/// Whether something is still to be sent to one of these targets.
pub(super) async fn is_busy(
    connection: &mut AnyConnection,
    event_id: EventId,
    target_ids: &[TargetId],
) -> Result<bool, sqlx::Error> {
    let sql = format!(
        "SELECT id FROM pushes WHERE event_id = $1 AND {WAITING} AND {} LIMIT 1",
        among("target_id", target_ids.iter().copied())
    );
    let waiting: Option<PushId> = sqlx::query_scalar(AssertSqlSafe(sql))
        .bind(event_id)
        .persistent(false)
        .fetch_optional(connection)
        .await?;
    Ok(waiting.is_some())
}

/// The review that another one is about to take the place of.
pub(super) async fn review_of(
    connection: &mut AnyConnection,
    event_id: EventId,
) -> Result<Option<Value>, sqlx::Error> {
    let row = sqlx::query(
        "SELECT head_sha, state, reason, decision, score, summary, issues, coverage, prompt_id, model, input_tokens, output_tokens,
            started_at, completed_at
         FROM reviews WHERE id = $1",
    )
    .bind(event_id)
    .fetch_optional(connection)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let text = |column: &str| row.get::<Option<String>, _>(column);
    let number = |column: &str| row.get::<Option<i64>, _>(column);
    let stored = |column: &str| -> Value {
        let json = text(column).and_then(|text| serde_json::from_str(&text).ok());
        json.unwrap_or_default()
    };
    let time = |column: &str| number(column).map(push_notify_core::clock::rfc3339);
    Ok(Some(json!({
        "head_sha": text("head_sha"),
        "status": text("state"),
        "reason": text("reason"),
        "decision": text("decision"),
        "score": number("score"),
        "summary": text("summary"),
        "issues": stored("issues"),
        "coverage": stored("coverage"),
        "prompt_id": number("prompt_id"),
        "model": text("model"),
        "tokens_used": number("input_tokens").zip(number("output_tokens")).map(|(one, other)| one + other),
        "started_at": time("started_at"),
        "completed_at": time("completed_at"),
    })))
}

/// Makes the event's review due, as what the event is now. False when one is under way.
pub(super) async fn review_again(
    connection: &mut AnyConnection,
    app: &App,
    (event_id, replay_id): (EventId, ReplayId),
    accepted: &Accepted,
    review: &NewReview,
    now: Micros,
) -> Result<bool, sqlx::Error> {
    let there: Option<ReviewId> = sqlx::query_scalar("SELECT id FROM reviews WHERE id = $1")
        .bind(event_id)
        .fetch_optional(&mut *connection)
        .await?;
    match there {
        Some(_) => {
            if !review::store::restart(&mut *connection, ReviewId::of(event_id), now, review.due_by)
                .await?
            {
                return Ok(false);
            }
        }
        None => {
            insert_reviews(
                app,
                &mut *connection,
                &[(ReviewId::of(event_id), accepted, review)],
            )
            .await?
        }
    }
    sqlx::query(
        "UPDATE reviews SET triggered_by = 'replay', form_id = $2, kind = $3, head_sha = $4, branch = $5, title = $6, author = $7,
            url = $8, number = $9
         WHERE id = $1",
    )
    .bind(event_id)
    .bind(replay_id)
    .bind(review.kind)
    .bind(&review.head_sha)
    .bind(review.branch.as_deref())
    .bind(&review.title)
    .bind(review.author.as_deref())
    .bind(review.url.as_deref())
    .bind(review.number)
    .execute(connection)
    .await?;
    Ok(true)
}

/// What the new pushes of a replay have in common.
pub(super) struct Pushes<'a> {
    pub event_id: EventId,
    pub replay_id: ReplayId,
    pub accepted: &'a Accepted,
    pub scene: &'static str,
    pub due_at: Micros,
    pub now: Micros,
}

impl Pushes<'_> {
    /// It stands for the first push to this target, and takes the place of what ended there without
    /// success.
    pub(super) async fn insert(
        &self,
        connection: &mut AnyConnection,
        push_id: PushId,
        target_id: TargetId,
        choice: Option<&str>,
    ) -> Result<(), sqlx::Error> {
        let new = NewPush {
            id: push_id,
            event_id: self.event_id,
            repo_id: self.accepted.repo_id,
            target_id,
            scene: self.scene,
            commit_id: &self.accepted.commit_id,
            commit_msg: &self.accepted.commit_msg,
            run_at: self.due_at,
            choice,
            lease: None,
            now: self.now,
        };
        let besides = Besides {
            retry_of: push::store::first_to(&mut *connection, self.event_id, target_id).await?,
            replay_id: Some(self.replay_id),
            ..Besides::default()
        };
        push::store::insert(&mut *connection, &new, &besides).await?;
        sqlx::query(AssertSqlSafe(format!(
            "UPDATE pushes SET superseded_by = $1
             WHERE event_id = $2 AND target_id = $3 AND id <> $1 AND superseded_by IS NULL
                AND {DEAD}"
        )))
        .bind(push_id)
        .bind(self.event_id)
        .bind(target_id)
        .execute(connection)
        .await?;
        Ok(())
    }
}
