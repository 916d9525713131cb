//! One parked delivery is read again, and becomes the event that it would have been, or ends.

use super::late::{self, Late};
use crate::{
    event::{EventState, Untold, codec},
    pipeline::{
        Pipeline,
        commit::{Accepted, Made, find_equivalent_then, insert_reviews, wanted_reviews},
        ingest::{
            envelope,
            one::each,
            receive::uninteresting,
            rows::{clean, headers_place},
            scrub,
        },
        store,
    },
    push::{self, Besides, NewPush},
    rule,
    storage::PUSH_BYTES,
    subject::{self, Known},
};
use push_notify_core::{
    clock::{DAY_US, MINUTE_US},
    id::{EventId, PushId, RepoId},
};
use push_notify_host::{CallError, Rejection, Settings, Webhook};
use sqlx::{AnyConnection, Row as _, any::AnyRow};
use std::collections::HashSet;

/// An event that stays parked is tried again after as long as it has waited, within these.
const RETRY_US: std::ops::RangeInclusive<i64> = MINUTE_US..=DAY_US;

/// What became of a parked event.
#[derive(Debug, PartialEq, Eq)]
pub enum Replayed {
    Accepted {
        push_ids: Vec<PushId>,
    },
    /// It ends here: not authentic, malformed, of no interest, or there already.
    Discarded {
        reason: String,
    },
    /// The parser is still out of order.
    StillParked {
        reason: String,
        /// Not while the plugin is in quarantine for others: then nothing is known of this one.
        tried: bool,
    },
    /// There is no such event.
    Unknown,
    /// It is not parked, or no longer.
    NotParked,
}

/// What a parked delivery is read as.
enum Read {
    Events(Vec<Accepted>),
    /// And why.
    Nothing(String),
    /// It cannot be read now, and why.
    Later(String),
    /// Nobody tried, and why.
    NotNow(String),
}

/// A delivery as it is stored.
pub(in crate::pipeline) struct StoredDelivery {
    pub repo_id: RepoId,
    pub headers: String,
    pub body: Vec<u8>,
}

impl Pipeline {
    /// Authenticates and normalises a parked delivery as it would have been when it came.
    pub async fn replay(&self, event_id: EventId) -> Result<Replayed, store::Error> {
        let row = sqlx::query(
            "SELECT repo_id, state, headers, body, received_at, parked_settings FROM events WHERE id = $1",
        )
        .bind(event_id)
        .fetch_optional(self.app.db.read())
        .await?;
        let Some(row) = row else {
            return Ok(Replayed::Unknown);
        };
        if row.get::<EventState, _>("state") != EventState::Parked {
            return Ok(Replayed::NotParked);
        }
        match self.read_parked(event_id, &row).await {
            Ok(Read::Events(events)) => self.promote_all(event_id, events).await,
            Ok(Read::Nothing(reason)) => self.discard(event_id, &reason).await,
            Ok(Read::Later(reason)) => self.stay_parked(event_id, reason).await,
            Ok(Read::NotNow(reason)) => Ok(Replayed::StillParked {
                reason,
                tried: false,
            }),
            Err(error @ store::Error::Database(_)) => Err(error),
            // It has its next turn like one that the parser cannot read.
            Err(error) => {
                tracing::error!(event.id = event_id.get(), %error, "cannot read a parked delivery");
                let reason = "the stored delivery cannot be read";
                self.stay_parked(event_id, reason.to_owned()).await
            }
        }
    }

    async fn read_parked(&self, event_id: EventId, row: &AnyRow) -> Result<Read, store::Error> {
        let stored = StoredDelivery {
            repo_id: row.get("repo_id"),
            headers: row.get("headers"),
            body: row.get("body"),
        };
        let Some(route) = store::route_of_repo(&self.app, stored.repo_id).await? else {
            return Ok(Read::Nothing("the repository is deleted".to_owned()));
        };
        let late = Late {
            webhook: self.webhook(event_id, &stored)?,
            received_at: row.get("received_at"),
            settings: late::settings(&self.app.vault, stored.repo_id, row.get("parked_settings"))?,
        };
        let Some(provider) = self.app.host.provider(&route.provider) else {
            return Ok(Read::Later(format!(
                "no provider plugin `{}` is loaded and enabled",
                route.provider
            )));
        };
        let delivery = match late.read(provider.as_ref(), &route).await {
            Ok(Ok(delivery)) => delivery,
            Ok(Err(Rejection::Unauthenticated(reason))) => {
                return Ok(Read::Nothing(format!("not authenticated: {reason}")));
            }
            Ok(Err(Rejection::Malformed(reason))) => {
                return Ok(Read::Nothing(format!("malformed: {reason}")));
            }
            Ok(Err(Rejection::Ignored(reason))) => return Ok(Read::Nothing(reason)),
            Err(error @ CallError::Quarantined(_)) => return Ok(Read::NotNow(error.to_string())),
            Err(error) => return Ok(Read::Later(error.to_string())),
        };
        let settings: Vec<&Settings> = late.settings.iter().chain(route.all_settings()).collect();
        let packed_body = codec::pack(&scrub::body(&settings, &late.webhook));
        let mut events = Vec::new();
        let mut unwanted = String::new();
        for event in each(delivery, &late.webhook) {
            if let Some(reason) = uninteresting(&route, &event.event.kind) {
                unwanted = reason;
                continue;
            }
            events.push(Accepted {
                received_at: late.received_at,
                packed_body: packed_body.clone(),
                ..self.accepted(&route, event, &late.webhook).await?
            });
        }
        Ok(match events.is_empty() {
            true => Read::Nothing(unwanted),
            false => Read::Events(events),
        })
    }

    /// The first becomes what the parked one would have been. Further ones come in as any: they
    /// have keys of their own, so that what stops between them loses and doubles none.
    async fn promote_all(
        &self,
        event_id: EventId,
        events: Vec<Accepted>,
    ) -> Result<Replayed, store::Error> {
        let mut events = events.into_iter();
        let Some(first) = events.next() else {
            return Ok(Replayed::Unknown);
        };
        for further in events {
            if let Err(error) = self.committer.accept(further).await {
                return self.stay_parked(event_id, error.to_string()).await;
            }
        }
        self.promote(event_id, first).await
    }

    pub(in crate::pipeline) fn webhook(
        &self,
        event_id: EventId,
        stored: &StoredDelivery,
    ) -> Result<Webhook, store::Error> {
        let unreadable = |what: String| store::Error::Row(format!("event {event_id}: {what}"));
        let headers = self
            .app
            .vault
            .open_bytes(headers_place(stored.repo_id), &stored.headers)?;
        let body = codec::unpack(&stored.body, codec::MOST_BYTES)
            .map_err(|error| unreadable(error.to_string()))?;
        let headers =
            serde_json::from_slice(&headers).map_err(|error| unreadable(error.to_string()))?;
        Ok(envelope::read(headers, body.into()))
    }

    /// Makes the parked row the event that it would have been, with its pushes.
    async fn promote(
        &self,
        event_id: EventId,
        accepted: Accepted,
    ) -> Result<Replayed, store::Error> {
        let ids = self.app.db.take_ids(accepted.aims.len()).await?;
        let now = self.app.clock.now_us();
        let mut transaction = self.app.db.begin().await?;
        let first: Option<EventId> = sqlx::query_scalar(
            "SELECT id FROM events WHERE repo_id = $1 AND delivery_key = $2 AND id <> $3",
        )
        .bind(accepted.repo_id)
        .bind(&accepted.delivery_key)
        .bind(event_id)
        .fetch_optional(&mut *transaction)
        .await?;
        let equivalent = match &accepted.effect {
            Some(effect) => find_equivalent_then(&mut transaction, &accepted, effect).await?,
            None => None,
        };
        if let Some(first) = first.or(equivalent) {
            drop(transaction);
            return self
                .discard(event_id, &format!("the same delivery as event {first}"))
                .await;
        }
        let promoted = sqlx::query(
            "UPDATE events SET state = 'replayed', reason = $1, parked_settings = NULL, delivery_key = $2, delivery_id = $3,
                effect_key = $4, effect_source = $5, kind = $6, event = $7, body = $8, subject = $10, untold = $11
             WHERE id = $9 AND state = 'parked'",
        )
        .bind(accepted.reason.as_deref())
        .bind(&accepted.delivery_key)
        .bind(accepted.delivery_id.as_deref())
        .bind(accepted.effect.as_ref().map(|effect| effect.key.as_str()))
        .bind(accepted.effect.as_ref().map(|effect| effect.source.as_str()))
        .bind(accepted.event.as_ref().map(|event| event.kind.as_str()))
        .bind(accepted.packed_event.as_deref())
        // What proved it is needed no more.
        .bind(accepted.packed_body.as_slice())
        .bind(event_id)
        .bind(accepted.subject.as_ref().map(|said| said.key.as_str()))
        .bind(accepted.untold.map(Untold::name))
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
        let made = keep_subject(&mut transaction, event_id, &accepted).await?;
        let ids: Vec<PushId> = ids.into_iter().take(made.len()).collect();
        let reviewed = wanted_reviews(std::iter::once((event_id, &accepted)));
        insert_reviews(&self.app, &mut transaction, &reviewed).await?;
        let due_at = accepted.review.as_ref().map_or(now, |review| review.due_by);
        for (push_id, made) in ids.iter().zip(&made) {
            let choice = made.stored();
            let aim = &accepted.aims[made.aim];
            let new = NewPush {
                run_at: due_at,
                now,
                ..accepted.push(*push_id, event_id, aim, choice.as_deref(), None)
            };
            push::store::insert(&mut transaction, &new, &Besides::default()).await?;
        }
        transaction.commit().await?;
        let event = accepted.packed_event.as_ref().map_or(0, Vec::len);
        let more = event + ids.len() * PUSH_BYTES;
        self.app.storage.add(accepted.repo_id, more as i64);
        self.app.reviews_due();
        self.app.pushes_due();
        Ok(Replayed::Accepted { push_ids: ids })
    }

    async fn discard(&self, event_id: EventId, reason: &str) -> Result<Replayed, store::Error> {
        // The key is given free: sent again, the delivery gets its chance.
        sqlx::query(
            "UPDATE events SET state = 'discarded', reason = $1, retry_at = $2, parked_settings = NULL,
                delivery_key = 'discarded:' || CAST(id AS TEXT)
             WHERE id = $3 AND state = 'parked'",
        )
        .bind(clean(reason, 2000))
        // It is kept for as long as if it had come now.
        .bind(self.app.clock.now_us())
        .bind(event_id)
        .execute(self.app.db.write())
        .await?;
        Ok(Replayed::Discarded {
            reason: reason.to_owned(),
        })
    }

    async fn stay_parked(
        &self,
        event_id: EventId,
        reason: String,
    ) -> Result<Replayed, store::Error> {
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
        Ok(Replayed::StillParked {
            reason,
            tried: true,
        })
    }
}

/// As the committer does: the pushes of the event; why it has none is written with it.
async fn keep_subject(
    connection: &mut AnyConnection,
    event_id: EventId,
    accepted: &Accepted,
) -> Result<Vec<Made>, sqlx::Error> {
    let known = match accepted.subject_row(event_id) {
        Some(row) => subject::store::upsert(&mut *connection, &row).await?,
        None => Known::default(),
    };
    let fired = match accepted.edges() {
        Some((subject, head, edges)) => {
            let of = (accepted.repo_id, subject);
            rule::store::edge::fired(&mut *connection, edges, of, head, accepted.received_at)
                .await?
        }
        None => HashSet::new(),
    };
    let made = accepted.made(&fired);
    let unchanged = (made.is_empty() && !accepted.aims.is_empty()).then_some(Untold::Unchanged);
    let untold = accepted.untold_after(&known).or(unchanged);
    if let (Some(why), None) = (untold, accepted.untold) {
        subject::store::set_untold(connection, event_id, why).await?;
    }
    Ok(match untold {
        Some(_) => vec![],
        None => made,
    })
}
