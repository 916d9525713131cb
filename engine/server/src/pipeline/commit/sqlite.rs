//! A batch on SQLite: row by row in one transaction, by statements that are prepared once.

mod edges;

use super::{
    accept::{Acceptance, Accepted, Ids, TWIN, TWIN_WINDOW_US},
    card::{CardChange, SETTLE_CARD, cards},
    health::healths,
    plan::Made,
    settle::{Change, Row, Settlement},
};
use crate::{
    event::{EventState, Untold},
    pipeline::{dispatch::Slot, message::Lease},
    push::{NewPush, store::INSERT_ONE},
    subject::{
        Known, Row as SubjectRow,
        store::{SET_UNTOLD, UPSERT_ONE},
    },
    target::health::Health,
};
use push_notify_core::id::{EventId, PushId, ReviewId, TargetId};
use push_notify_db::{Db, as_sqlx};
use rusqlite::{
    CachedStatement, Connection, OptionalExtension as _, Transaction, TransactionBehavior, params,
};

const INSERT_EVENT: &str = "INSERT INTO events (id, repo_id, uid, state, reason, delivery_key, delivery_id, effect_key,
        effect_source, kind, event, headers, body, received_at, retry_at, parked_settings, traceparent, subject, untold)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (repo_id, delivery_key) DO NOTHING";

const INSERT_REVIEW: &str = "INSERT INTO reviews (id, repo_id, kind, head_sha, branch, title, author, url, number, triggered_by,
        state, step, attempts, run_at, due_by, created_at)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 'webhook', 'pending', 'review', 0, ?10, ?11, ?10)";

const INSERT_ATTEMPT: &str =
    "INSERT INTO push_attempts (push_id, attempt, outcome, detail, started_at, duration_us)
    VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (push_id, attempt) DO NOTHING";

const UPDATE_PUSH: &str = "UPDATE pushes SET state = ?3, reason = CASE WHEN ?12 THEN reason ELSE ?4 END, attempts = ?5,
        run_at = ?6, lease = NULL, template_id = COALESCE(?7, template_id), title = COALESCE(?8, title),
        body = COALESCE(?9, body), only_to = CASE WHEN ?12 THEN only_to ELSE ?10 END, pushed_at = COALESCE(?11, pushed_at),
        carried_by = ?13
    WHERE id = ?1 AND lease = ?2";

/// The newest row wins. The owner was told of one flag, not of the next.
const UPSERT_HEALTH: &str = "INSERT INTO target_health (target_id, failures, failing_since, opened_at, open_until, openings,
        paused_until, misconfigured_since, last_error, last_success_at, flagged_at, updated_at)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (target_id) DO UPDATE SET failures = excluded.failures, failing_since = excluded.failing_since,
        opened_at = excluded.opened_at, open_until = excluded.open_until, openings = excluded.openings,
        paused_until = excluded.paused_until, misconfigured_since = excluded.misconfigured_since,
        last_error = excluded.last_error, last_success_at = COALESCE(excluded.last_success_at, last_success_at),
        flagged_at = excluded.flagged_at,
        notified_at = CASE WHEN excluded.flagged_at = flagged_at THEN notified_at END, updated_at = excluded.updated_at
    WHERE excluded.updated_at >= updated_at";

const FIRST_EVENT: &str = "SELECT id FROM events WHERE repo_id = ? AND delivery_key = ?";
const FIRST_PUSHES: &str =
    "SELECT id FROM pushes WHERE event_id = ? AND retry_of IS NULL ORDER BY id";

/// The committer's connection.
pub(super) struct Writer {
    db: Db,
    own: Option<Connection>,
}

impl Writer {
    pub(super) fn new(db: Db) -> Self {
        Self { db, own: None }
    }

    /// All of it or nothing. Blocks until it is on disk.
    pub(super) fn write(
        &mut self,
        accepts: &[&Accepted],
        slots: &[Vec<Option<Slot>>],
        lease: Lease,
        ids: Ids,
        settles: &[&Settlement],
    ) -> Result<Vec<Acceptance>, sqlx::Error> {
        let commit = || {
            let connection = self.connection()?;
            let transaction = Transaction::new(connection, TransactionBehavior::Immediate)?;
            let acceptances = accept(&transaction, accepts, slots, lease, ids)?;
            settle(&transaction, settles)?;
            transaction.commit()?;
            Ok(acceptances)
        };
        commit().map_err(as_sqlx)
    }

    fn connection(&mut self) -> rusqlite::Result<&mut Connection> {
        // One that is still in the middle of a transaction could not end it, and is of no use.
        let own = self.own.take().filter(Connection::is_autocommit);
        let connection = own.map_or_else(|| self.db.connect_raw(), Ok)?;
        Ok(self.own.insert(connection))
    }
}

fn accept(
    connection: &Connection,
    accepts: &[&Accepted],
    slots: &[Vec<Option<Slot>>],
    lease: Lease,
    ids: Ids,
) -> rusqlite::Result<Vec<Acceptance>> {
    let mut insert_event = connection.prepare_cached(INSERT_EVENT)?;
    let mut insert_push = connection.prepare_cached(INSERT_ONE)?;
    let mut push_ids = ids.pushes.into_iter();
    let mut acceptances = Vec::with_capacity(accepts.len());
    for ((accepted, slots), event_id) in accepts.iter().zip(slots).zip(ids.events) {
        let own: Vec<PushId> = push_ids.by_ref().take(accepted.aims.len()).collect();
        if let Some(first) = first(connection, &mut insert_event, event_id, accepted)? {
            acceptances.push(Acceptance {
                event_id: first,
                push_ids: pushes_of(connection, first)?,
                made: vec![],
                duplicate: true,
            });
            continue;
        }
        insert_review(connection, ReviewId::of(event_id), accepted)?;
        let made = made(connection, event_id, accepted)?;
        let own: Vec<PushId> = own.into_iter().take(made.len()).collect();
        for (push_id, made) in own.iter().zip(&made) {
            let lease = slots.get(made.aim).and_then(Option::as_ref).map(|_| lease);
            let choice = made.stored();
            let aim = &accepted.aims[made.aim];
            let new = accepted.push(*push_id, event_id, aim, choice.as_deref(), lease);
            insert(&mut insert_push, &new)?;
        }
        acceptances.push(Acceptance {
            event_id,
            push_ids: own,
            made,
            duplicate: false,
        });
    }
    Ok(acceptances)
}

/// Inserts the event, or returns the one that it repeats.
fn first(
    connection: &Connection,
    insert: &mut CachedStatement<'_>,
    id: EventId,
    accepted: &Accepted,
) -> rusqlite::Result<Option<EventId>> {
    let effect = accepted.effect.as_ref();
    if let Some(effect) = effect {
        let since = accepted.received_at - TWIN_WINDOW_US;
        let equivalent = connection
            .prepare_cached(TWIN)?
            .query_one(
                params![accepted.repo_id, effect.key, since, effect.source],
                |row| row.get(0),
            )
            .optional()?;
        if equivalent.is_some() {
            return Ok(equivalent);
        }
    }
    let event = accepted.event.as_ref();
    let inserted = insert.execute(params![
        id,
        accepted.repo_id,
        accepted.uid,
        event
            .map_or(EventState::Parked, |_| EventState::Accepted)
            .name(),
        accepted.reason,
        accepted.delivery_key,
        accepted.delivery_id,
        effect.map(|effect| &effect.key),
        effect.map(|effect| &effect.source),
        event.map(|event| &event.kind),
        accepted.packed_event,
        accepted.sealed_headers,
        accepted.packed_body,
        accepted.received_at,
        accepted.retry_at,
        accepted.parked_settings,
        accepted.traceparent,
        accepted.subject.as_ref().map(|said| &said.key),
        accepted.untold.map(Untold::name),
    ])?;
    if inserted == 1 {
        return Ok(None);
    }
    connection
        .prepare_cached(FIRST_EVENT)?
        .query_one(params![accepted.repo_id, accepted.delivery_key], |row| {
            row.get(0)
        })
        .map(Some)
}

/// Keeps its subject, and says which pushes the event has. Why none is written with it.
fn made(connection: &Connection, id: EventId, accepted: &Accepted) -> rusqlite::Result<Vec<Made>> {
    let known = match accepted.subject_row(id) {
        Some(row) => keep(connection, &row)?,
        None => Known::default(),
    };
    let fired = edges::fired(connection, accepted)?;
    let made = accepted.made(&fired);
    let unchanged = (made.is_empty() && !accepted.aims.is_empty()).then_some(Untold::Unchanged);
    let untold = accepted.untold_after(&known).or(unchanged);
    if untold != accepted.untold {
        connection
            .prepare_cached(SET_UNTOLD)?
            .execute(params![untold.map(Untold::name), id])?;
    }
    Ok(match untold {
        Some(_) => vec![],
        None => made,
    })
}

fn keep(connection: &Connection, row: &SubjectRow<'_>) -> rusqlite::Result<Known> {
    let said = row.said;
    connection.prepare_cached(UPSERT_ONE)?.query_one(
        params![
            row.id,
            row.repo_id,
            said.key,
            said.kind,
            said.title,
            said.url,
            said.state,
            said.labels,
            said.draft,
            said.actor,
            said.edge.mark(),
            row.marked_at,
            row.count,
            row.first_at,
            row.last_at,
        ],
        |row| {
            Ok(Known {
                mark: row.get("mark_before")?,
                at: row.get("marked_before")?,
            })
        },
    )
}

fn pushes_of(connection: &Connection, event_id: EventId) -> rusqlite::Result<Vec<PushId>> {
    connection
        .prepare_cached(FIRST_PUSHES)?
        .query_map([event_id], |row| row.get(0))?
        .collect()
}

fn insert_review(
    connection: &Connection,
    id: ReviewId,
    accepted: &Accepted,
) -> rusqlite::Result<()> {
    let Some(review) = &accepted.review else {
        return Ok(());
    };
    connection.prepare_cached(INSERT_REVIEW)?.execute(params![
        id,
        accepted.repo_id,
        review.kind,
        review.head_sha,
        review.branch,
        review.title,
        review.author,
        review.url,
        review.number,
        accepted.received_at,
        review.due_by,
    ])?;
    Ok(())
}

fn insert(insert: &mut CachedStatement<'_>, new: &NewPush<'_>) -> rusqlite::Result<()> {
    insert.execute(params![
        new.id,
        new.event_id,
        new.repo_id,
        new.target_id,
        new.scene,
        new.commit_id,
        new.commit_msg,
        new.attempts(),
        new.run_at,
        new.lease,
        new.choice,
        new.now,
    ])?;
    Ok(())
}

fn settle(connection: &Connection, settles: &[&Settlement]) -> rusqlite::Result<()> {
    if settles.is_empty() {
        return Ok(());
    }
    let mut insert_attempt = connection.prepare_cached(INSERT_ATTEMPT)?;
    let mut update_push = connection.prepare_cached(UPDATE_PUSH)?;
    for settlement in settles {
        if let Change::Attempted {
            attempt,
            outcome,
            detail,
            started_at,
            duration_us,
            ..
        } = &settlement.change
        {
            insert_attempt.execute(params![
                settlement.push_id,
                attempt,
                outcome.name(),
                detail,
                started_at,
                duration_us
            ])?;
        }
        let row = Row::of(settlement);
        let rendered = row.content.map(|content| &content.rendered);
        update_push.execute(params![
            row.id,
            row.lease,
            row.state.name(),
            row.reason,
            row.attempts,
            row.run_at,
            row.content.and_then(|content| content.template_id),
            rendered.map(|rendered| &rendered.title),
            rendered.map(|rendered| &rendered.body),
            row.only_to,
            row.pushed_at,
            row.kept,
            row.carried_by,
        ])?;
    }
    for (target_id, health) in healths(settles) {
        upsert(connection, target_id, health)?;
    }
    for card in cards(settles) {
        settle_card(connection, card)?;
    }
    Ok(())
}

fn settle_card(connection: &Connection, card: &CardChange) -> rusqlite::Result<()> {
    connection.prepare_cached(SETTLE_CARD)?.execute(params![
        card.handle,
        card.push_id,
        card.shown_by,
        card.shown_at,
        card.now,
        card.gone,
        card.key.target_id,
        card.key.repo_id,
        card.key.subject,
        card.lease,
    ])?;
    Ok(())
}

fn upsert(connection: &Connection, target_id: TargetId, health: &Health) -> rusqlite::Result<()> {
    connection.prepare_cached(UPSERT_HEALTH)?.execute(params![
        target_id,
        health.failures,
        health.failing_since,
        health.opened_at,
        health.open_until,
        health.openings,
        health.paused_until,
        health.misconfigured_since,
        health.last_error,
        health.last_success_at,
        health.flagged_at,
        health.updated_at,
    ])?;
    Ok(())
}

#[cfg(test)]
mod tests;
