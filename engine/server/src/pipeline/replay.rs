//! Parked work is taken up again: events whose parser was out of order, and pushes whose channel was.

use super::{
    Pipeline,
    commit::{Accepted, find_twin, insert_reviews, wanted_reviews},
    receive::{clean, headers_place, uninteresting},
    store,
};
use crate::{
    clock::{DAY_US, MINUTE_US},
    db::Sequence,
    event::codec,
};
use push_notify_host::{PluginState, Rejection, Webhook};
use push_notify_manifest::Kind;
use sqlx::Row as _;

/// How many parked events are looked up at a time after plugins were loaded.
const MANY: i64 = 1_000;
/// A pass ends when so many stay parked: the parser is not mended, and more would bring it into quarantine.
const STAYED_ENOUGH: u32 = 3;
/// How many events a pass of its own accord tries for one provider, and goes on only when they were taken up: one that traps again
/// must not bring the plugin into quarantine.
const FEW: i64 = 2;
/// An event that stays parked is tried again after as long as it has waited, within these.
const RETRY_US: std::ops::RangeInclusive<i64> = MINUTE_US..=DAY_US;

/// Which parked events are tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pass {
    /// All: plugins were loaded.
    All,
    /// A few whose time has come, and more while those are taken up.
    Due,
}

/// What became of a parked event.
#[derive(Debug, PartialEq, Eq)]
pub enum Replayed {
    Accepted {
        push_ids: Vec<i64>,
    },
    /// It ends here: not authentic, malformed, of no interest, or there already.
    Discarded {
        reason: String,
    },
    /// The parser is still out of order.
    StillParked {
        reason: String,
    },
    /// There is no such event.
    Unknown,
    /// It is not parked, or no longer.
    NotParked,
}

/// A delivery as it is stored.
pub(super) struct Kept {
    pub repo_id: i64,
    pub headers: String,
    pub body: Vec<u8>,
}

impl Pipeline {
    /// Authenticates and normalises a parked delivery as if it came now.
    pub async fn replay(&self, event_id: i64) -> Result<Replayed, store::Error> {
        let row = sqlx::query("SELECT repo_id, state, headers, body FROM events WHERE id = $1")
            .bind(event_id)
            .fetch_optional(self.app.db.read())
            .await?;
        let Some(row) = row else {
            return Ok(Replayed::Unknown);
        };
        if row.get::<String, _>("state") != "parked" {
            return Ok(Replayed::NotParked);
        }
        let kept = Kept {
            repo_id: row.get("repo_id"),
            headers: row.get("headers"),
            body: row.get("body"),
        };
        let Some(route) = store::route_of_repo(&self.app, kept.repo_id).await? else {
            return self.discard(event_id, "the repository is deleted").await;
        };
        let webhook = self.webhook(event_id, &kept)?;
        let Some(provider) = self.app.host.provider(&route.provider) else {
            let reason = format!(
                "no provider plugin `{}` is loaded and enabled",
                route.provider
            );
            return self.stay_parked(event_id, reason).await;
        };
        let delivery = match provider.receive(webhook.clone(), &route.settings).await {
            Ok(Ok(delivery)) => delivery,
            Ok(Err(Rejection::Unauthenticated(reason))) => {
                return self
                    .discard(event_id, &format!("not authenticated: {reason}"))
                    .await;
            }
            Ok(Err(Rejection::Malformed(reason))) => {
                return self
                    .discard(event_id, &format!("malformed: {reason}"))
                    .await;
            }
            Ok(Err(Rejection::Ignored(reason))) => return self.discard(event_id, &reason).await,
            Err(error) => return self.stay_parked(event_id, error.to_string()).await,
        };
        if let Some(reason) = uninteresting(&route, &delivery.event.kind) {
            return self.discard(event_id, &reason).await;
        }
        let accepted = self.accepted(&route, delivery, &webhook).await?;
        self.promote(event_id, accepted).await
    }

    pub(super) fn webhook(&self, event_id: i64, kept: &Kept) -> Result<Webhook, store::Error> {
        let unreadable = |what: String| store::Error::Row(format!("event {event_id}: {what}"));
        let headers = self
            .app
            .vault
            .open_bytes(headers_place(kept.repo_id), &kept.headers)?;
        let body = codec::unpack(&kept.body, codec::MOST_BYTES)
            .map_err(|error| unreadable(error.to_string()))?;
        Ok(Webhook {
            headers: serde_json::from_slice(&headers)
                .map_err(|error| unreadable(error.to_string()))?,
            body: body.into(),
        })
    }

    /// Makes the parked row the event that it would have been, with its pushes.
    async fn promote(&self, event_id: i64, accepted: Accepted) -> Result<Replayed, store::Error> {
        let ids = self
            .app
            .db
            .take_ids(Sequence::Pushes, accepted.aims.len())
            .await?;
        let now = self.app.clock.now_us();
        let mut transaction = self.app.db.begin().await?;
        let first: Option<i64> = sqlx::query_scalar(
            "SELECT id FROM events WHERE repo_id = $1 AND delivery_key = $2 AND id <> $3",
        )
        .bind(accepted.repo_id)
        .bind(&accepted.delivery_key)
        .bind(event_id)
        .fetch_optional(&mut *transaction)
        .await?;
        let twin = match &accepted.effect {
            Some(effect) => find_twin(&mut transaction, &accepted, effect).await?,
            None => None,
        };
        if let Some(first) = first.or(twin) {
            drop(transaction);
            return self
                .discard(event_id, &format!("the same delivery as event {first}"))
                .await;
        }
        let promoted = sqlx::query(
            "UPDATE events SET state = 'replayed', reason = NULL, delivery_key = $1, delivery_id = $2, effect_key = $3,
                effect_source = $4, kind = $5, event = $6
             WHERE id = $7 AND state = 'parked'",
        )
        .bind(&accepted.delivery_key)
        .bind(accepted.delivery_id.as_deref())
        .bind(accepted.effect.as_ref().map(|effect| effect.key.as_str()))
        .bind(accepted.effect.as_ref().map(|effect| effect.source.as_str()))
        .bind(accepted.event.as_ref().map(|event| event.kind.as_str()))
        .bind(accepted.packed_event.as_deref())
        .bind(event_id)
        .execute(&mut *transaction)
        .await;
        let promoted = match promoted {
            // The same delivery was sent again, and arrived between our look and this.
            Err(sqlx::Error::Database(error)) if error.is_unique_violation() => {
                drop(transaction);
                return self
                    .discard(event_id, "the same delivery was sent again")
                    .await;
            }
            promoted => promoted?,
        };
        if promoted.rows_affected() == 0 {
            return Ok(Replayed::NotParked);
        }
        let reviewed = wanted_reviews(std::iter::once((event_id, &accepted)));
        insert_reviews(&self.app, &mut transaction, &reviewed).await?;
        let due_at = accepted.review.as_ref().map_or(now, |review| review.due_by);
        for (push_id, aim) in ids.iter().zip(&accepted.aims) {
            sqlx::query(
                "INSERT INTO pushes (id, event_id, repo_id, target_id, scene, commit_id, commit_msg, state, attempts, run_at,
                    created_at)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, 'pending', 0, $8, $9)",
            )
            .bind(*push_id)
            .bind(event_id)
            .bind(accepted.repo_id)
            .bind(aim.target_id)
            .bind(accepted.scene)
            .bind(&accepted.commit_id)
            .bind(&accepted.commit_msg)
            .bind(due_at)
            .bind(now)
            .execute(&mut *transaction)
            .await?;
        }
        transaction.commit().await?;
        self.app.reviews_due();
        self.app.pushes_due();
        Ok(Replayed::Accepted { push_ids: ids })
    }

    async fn discard(&self, event_id: i64, reason: &str) -> Result<Replayed, store::Error> {
        // The key is given free: sent again, the delivery gets its chance.
        sqlx::query(
            "UPDATE events SET state = 'discarded', reason = $1, delivery_key = 'discarded:' || CAST(id AS TEXT)
             WHERE id = $2 AND state = 'parked'",
        )
        .bind(clean(reason, 2000))
        .bind(event_id)
        .execute(self.app.db.write())
        .await?;
        Ok(Replayed::Discarded {
            reason: reason.to_owned(),
        })
    }

    async fn stay_parked(&self, event_id: i64, reason: String) -> Result<Replayed, store::Error> {
        let now = self.app.clock.now_us();
        sqlx::query(
            "UPDATE events SET reason = $1,
                retry_at = $2 + CASE WHEN $2 - received_at < $3 THEN $3 WHEN $2 - received_at > $4 THEN $4 ELSE $2 - received_at END
             WHERE id = $5 AND state = 'parked'",
        )
        .bind(clean(&reason, 2000))
        .bind(now)
        .bind(*RETRY_US.start())
        .bind(*RETRY_US.end())
        .bind(event_id)
        .execute(self.app.db.write())
        .await?;
        Ok(Replayed::StillParked { reason })
    }
}

/// What waits for a plugin that works now is taken up.
pub(super) async fn unpark(pipeline: &Pipeline, pass: Pass) -> Result<(), store::Error> {
    let plugins = pipeline.app.host.plugins();
    let active = plugins
        .iter()
        .filter(|plugin| plugin.state == PluginState::Active);
    for manifest in active.filter_map(|plugin| plugin.manifest.as_ref()) {
        match manifest.kind {
            Kind::Channel => unpark_pushes(pipeline, &manifest.id).await?,
            Kind::Provider => unpark_events(pipeline, &manifest.id, pass).await?,
            Kind::Ai => {}
        }
    }
    Ok(())
}

async fn unpark_pushes(pipeline: &Pipeline, channel: &str) -> Result<(), store::Error> {
    let done = sqlx::query(
        "UPDATE pushes SET state = 'pending', run_at = $1, lease = NULL
         WHERE state = 'parked' AND target_id IN (SELECT id FROM targets WHERE type = $2)",
    )
    .bind(pipeline.app.clock.now_us())
    .bind(channel)
    .execute(pipeline.app.db.write())
    .await?;
    if done.rows_affected() > 0 {
        tracing::info!(
            pushes = done.rows_affected(),
            channel,
            "took up parked pushes"
        );
        pipeline.app.pushes_due();
    }
    Ok(())
}

async fn unpark_events(
    pipeline: &Pipeline,
    provider: &str,
    pass: Pass,
) -> Result<(), store::Error> {
    let (mut most, due_by) = match pass {
        Pass::All => (MANY, i64::MAX),
        Pass::Due => (FEW, pipeline.app.clock.now_us()),
    };
    loop {
        if unpark_some(pipeline, provider, most, due_by).await? {
            return Ok(());
        }
        most = MANY;
    }
}

/// True: there are no more, or it is of no use to go on.
async fn unpark_some(
    pipeline: &Pipeline,
    provider: &str,
    most: i64,
    due_by: i64,
) -> Result<bool, store::Error> {
    // Those that stayed parked before come last.
    let ids: Vec<i64> = sqlx::query_scalar(
        "SELECT e.id FROM events e JOIN repos r ON r.id = e.repo_id
         WHERE e.state = 'parked' AND r.type = $1 AND COALESCE(e.retry_at, 0) <= $2
         ORDER BY COALESCE(e.retry_at, 0) - e.received_at, e.id LIMIT $3",
    )
    .bind(provider)
    .bind(due_by)
    .bind(most)
    .fetch_all(pipeline.app.db.read())
    .await?;
    let mut stayed = 0;
    let mut taken_up = 0;
    for event_id in &ids {
        let gone = pipeline.app.host.provider(provider).is_none();
        if pipeline.stop.is_cancelled() || gone || stayed >= STAYED_ENOUGH {
            return Ok(true);
        }
        // One that cannot be read must not keep those behind it waiting.
        match pipeline.replay(*event_id).await {
            Ok(replayed) => {
                match replayed {
                    Replayed::StillParked { .. } => stayed += 1,
                    _ => taken_up += 1,
                }
                tracing::info!(event.id = event_id, ?replayed, "replayed a parked event");
            }
            Err(error) => {
                tracing::error!(event.id = event_id, %error, "cannot replay a parked event");
            }
        }
    }
    // As many as were asked for, and the parser works: more may wait behind them.
    Ok((ids.len() as i64) < most || taken_up == 0 || stayed > 0)
}
