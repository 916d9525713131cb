//! The rows of a batch as arrays, one for each column.

use crate::{
    event::{EventState, Untold},
    pipeline::commit::{
        accept::Accepted,
        card::{CardChange, SETTLE_CARD},
        review::Row as ReviewRow,
        settle::{Change, Row, Settlement},
    },
    push::{NewPush, store::INSERT_MANY},
    target::health::Health,
};
use push_notify_core::id::{EventId, TargetId};
use sqlx::PgConnection;
use std::collections::HashSet;

/// Bytes of the bodies in one statement, or little more: PostgreSQL takes no message of more than a
/// gigabyte.
const MOST_BYTES: usize = 64 << 20;

pub(super) fn column<'a, R, T>(rows: &'a [R], value: impl Fn(&'a R) -> T) -> Vec<T> {
    rows.iter().map(value).collect()
}

/// The ids of the events that were new.
pub(super) async fn insert_events(
    connection: &mut PgConnection,
    rows: &[(EventId, &Accepted)],
) -> Result<HashSet<EventId>, sqlx::Error> {
    const INSERT: &str = "INSERT INTO events (id, repo_id, uid, state, reason, delivery_key, delivery_id, effect_key,
             effect_source, kind, event, headers, body, received_at, retry_at, parked_settings, traceparent, subject, untold)
         SELECT * FROM UNNEST($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)
         ON CONFLICT (repo_id, delivery_key) DO NOTHING RETURNING id";
    let mut inserted = HashSet::with_capacity(rows.len());
    let mut bytes = 0;
    let runs = rows.split_inclusive(|(_, accepted)| {
        bytes += accepted.packed_body.len() + accepted.packed_event.as_ref().map_or(0, Vec::len);
        let is_full = bytes > MOST_BYTES;
        if is_full {
            bytes = 0;
        }
        is_full
    });
    for run in runs {
        let ids: Vec<EventId> = sqlx::query_scalar(INSERT)
            .bind(column(run, |(id, _)| *id))
            .bind(column(run, |(_, row)| row.repo_id))
            .bind(column(run, |(_, row)| row.uid.as_str()))
            .bind(column(run, |(_, row)| match row.event {
                Some(_) => EventState::Accepted.name(),
                None => EventState::Parked.name(),
            }))
            .bind(column(run, |(_, row)| row.reason.as_deref()))
            .bind(column(run, |(_, row)| row.delivery_key.as_str()))
            .bind(column(run, |(_, row)| row.delivery_id.as_deref()))
            .bind(column(run, |(_, row)| {
                row.effect.as_ref().map(|effect| effect.key.as_str())
            }))
            .bind(column(run, |(_, row)| {
                row.effect.as_ref().map(|effect| effect.source.as_str())
            }))
            .bind(column(run, |(_, row)| {
                row.event.as_ref().map(|event| event.kind.as_str())
            }))
            .bind(column(run, |(_, row)| row.packed_event.as_deref()))
            .bind(column(run, |(_, row)| row.sealed_headers.as_str()))
            .bind(column(run, |(_, row)| row.packed_body.as_slice()))
            .bind(column(run, |(_, row)| row.received_at))
            .bind(column(run, |(_, row)| row.retry_at))
            .bind(column(run, |(_, row)| row.parked_settings.as_deref()))
            .bind(column(run, |(_, row)| row.traceparent.as_deref()))
            .bind(column(run, |(_, row)| {
                row.subject.as_ref().map(|said| said.key.as_str())
            }))
            .bind(column(run, |(_, row)| row.untold.map(Untold::name)))
            .fetch_all(&mut *connection)
            .await?;
        inserted.extend(ids);
    }
    Ok(inserted)
}

pub(super) async fn insert_reviews(
    connection: &mut PgConnection,
    rows: &[ReviewRow<'_>],
) -> Result<(), sqlx::Error> {
    const INSERT: &str = "INSERT INTO reviews (id, repo_id, kind, head_sha, branch, title, author, url, number, triggered_by,
             state, step, attempts, run_at, due_by, created_at)
         SELECT id, repo_id, kind, head_sha, branch, title, author, url, number, 'webhook', 'pending', 'review', 0, run_at,
             due_by, run_at
         FROM UNNEST($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
             AS v (id, repo_id, kind, head_sha, branch, title, author, url, number, run_at, due_by)";
    if rows.is_empty() {
        return Ok(());
    }
    sqlx::query(INSERT)
        .bind(column(rows, |(id, ..)| *id))
        .bind(column(rows, |(_, accepted, _)| accepted.repo_id))
        .bind(column(rows, |(.., review)| review.kind))
        .bind(column(rows, |(.., review)| review.head_sha.as_str()))
        .bind(column(rows, |(.., review)| review.branch.as_deref()))
        .bind(column(rows, |(.., review)| review.title.as_str()))
        .bind(column(rows, |(.., review)| review.author.as_deref()))
        .bind(column(rows, |(.., review)| review.url.as_deref()))
        .bind(column(rows, |(.., review)| review.number))
        .bind(column(rows, |(_, accepted, _)| accepted.received_at))
        .bind(column(rows, |(.., review)| review.due_by))
        .execute(connection)
        .await?;
    Ok(())
}

pub(super) async fn insert_pushes(
    connection: &mut PgConnection,
    rows: &[NewPush<'_>],
) -> Result<(), sqlx::Error> {
    if rows.is_empty() {
        return Ok(());
    }
    sqlx::query(INSERT_MANY)
        .bind(column(rows, |row| row.id))
        .bind(column(rows, |row| row.event_id))
        .bind(column(rows, |row| row.repo_id))
        .bind(column(rows, |row| row.target_id))
        .bind(column(rows, |row| row.scene))
        .bind(column(rows, |row| row.commit_id))
        .bind(column(rows, |row| row.commit_msg))
        .bind(column(rows, NewPush::attempts))
        .bind(column(rows, |row| row.run_at))
        .bind(column(rows, |row| row.lease))
        .bind(column(rows, |row| row.choice))
        .bind(column(rows, |row| row.now))
        .execute(connection)
        .await?;
    Ok(())
}

pub(super) async fn insert_attempts(
    connection: &mut PgConnection,
    settles: &[&Settlement],
) -> Result<(), sqlx::Error> {
    const INSERT: &str =
        "INSERT INTO push_attempts (push_id, attempt, outcome, detail, started_at, duration_us)
         SELECT * FROM UNNEST($1, $2, $3, $4, $5, $6) ON CONFLICT (push_id, attempt) DO NOTHING";
    let made = settles.iter().filter_map(|settle| match &settle.change {
        Change::Attempted {
            attempt,
            outcome,
            detail,
            started_at,
            duration_us,
            ..
        } => Some((
            settle.push_id,
            *attempt,
            outcome.name(),
            detail.as_deref(),
            *started_at,
            *duration_us,
        )),
        Change::Deferred { .. } | Change::Parked { .. } => None,
    });
    let rows: Vec<_> = made.collect();
    if rows.is_empty() {
        return Ok(());
    }
    sqlx::query(INSERT)
        .bind(column(&rows, |(push_id, ..)| *push_id))
        .bind(column(&rows, |(_, attempt, ..)| *attempt))
        .bind(column(&rows, |(_, _, outcome, ..)| *outcome))
        .bind(column(&rows, |(.., detail, _, _)| *detail))
        .bind(column(&rows, |(.., started_at, _)| *started_at))
        .bind(column(&rows, |(.., duration_us)| *duration_us))
        .execute(connection)
        .await?;
    Ok(())
}

/// `kept`: what an earlier attempt said stays.
pub(super) async fn update_pushes(
    connection: &mut PgConnection,
    settles: &[&Settlement],
) -> Result<(), sqlx::Error> {
    const UPDATE: &str = "UPDATE pushes SET state = v.state, reason = CASE WHEN v.kept THEN pushes.reason ELSE v.reason END,
             attempts = v.attempts, run_at = v.run_at, lease = NULL,
             template_id = COALESCE(v.template_id, pushes.template_id),
             title = COALESCE(v.title, pushes.title), body = COALESCE(v.body, pushes.body),
             only_to = CASE WHEN v.kept THEN pushes.only_to ELSE v.only_to END,
             pushed_at = COALESCE(v.pushed_at, pushes.pushed_at), carried_by = v.carried_by
         FROM UNNEST($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
             AS v (id, lease, state, reason, attempts, run_at, template_id, title, body, only_to, pushed_at, kept, carried_by)
         WHERE pushes.id = v.id AND pushes.lease = v.lease";
    if settles.is_empty() {
        return Ok(());
    }
    let rows = column(settles, |settle| Row::of(settle));
    sqlx::query(UPDATE)
        .bind(column(&rows, |row| row.id))
        .bind(column(&rows, |row| row.lease))
        .bind(column(&rows, |row| row.state.name()))
        .bind(column(&rows, |row| row.reason))
        .bind(column(&rows, |row| row.attempts))
        .bind(column(&rows, |row| row.run_at))
        .bind(column(&rows, |row| row.content?.template_id))
        .bind(column(&rows, |row| {
            Some(row.content?.rendered.title.as_str())
        }))
        .bind(column(&rows, |row| {
            Some(row.content?.rendered.body.as_str())
        }))
        .bind(column(&rows, |row| row.only_to.as_deref()))
        .bind(column(&rows, |row| row.pushed_at))
        .bind(column(&rows, |row| row.kept))
        .bind(column(&rows, |row| row.carried_by))
        .execute(connection)
        .await?;
    Ok(())
}

/// Few messages have a card: one statement each.
pub(super) async fn settle_cards(
    connection: &mut PgConnection,
    cards: &[&CardChange],
) -> Result<(), sqlx::Error> {
    for card in cards {
        sqlx::query(SETTLE_CARD)
            .bind(card.handle.as_deref())
            .bind(card.push_id)
            .bind(card.shown_by)
            .bind(card.shown_at)
            .bind(card.now)
            .bind(card.gone.as_deref())
            .bind(card.key.target_id)
            .bind(card.key.repo_id)
            .bind(card.key.subject.as_str())
            .bind(card.lease)
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

/// The owner was told of one flag, not of the next.
pub(super) async fn upsert_healths(
    connection: &mut PgConnection,
    rows: &[(TargetId, &Health)],
) -> Result<(), sqlx::Error> {
    const UPSERT: &str = "INSERT INTO target_health (target_id, failures, failing_since, opened_at, open_until, openings,
             paused_until, misconfigured_since, last_error, last_success_at, flagged_at, updated_at)
         SELECT * FROM UNNEST($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
         ON CONFLICT (target_id) DO UPDATE SET failures = excluded.failures, failing_since = excluded.failing_since,
             opened_at = excluded.opened_at, open_until = excluded.open_until, openings = excluded.openings,
             paused_until = excluded.paused_until, misconfigured_since = excluded.misconfigured_since,
             last_error = excluded.last_error,
             last_success_at = COALESCE(excluded.last_success_at, target_health.last_success_at),
             flagged_at = excluded.flagged_at,
             notified_at = CASE WHEN excluded.flagged_at = target_health.flagged_at THEN target_health.notified_at END,
             updated_at = excluded.updated_at
         WHERE excluded.updated_at >= target_health.updated_at";
    if rows.is_empty() {
        return Ok(());
    }
    sqlx::query(UPSERT)
        .bind(column(rows, |(target_id, _)| *target_id))
        .bind(column(rows, |(_, health)| health.failures))
        .bind(column(rows, |(_, health)| health.failing_since))
        .bind(column(rows, |(_, health)| health.opened_at))
        .bind(column(rows, |(_, health)| health.open_until))
        .bind(column(rows, |(_, health)| health.openings))
        .bind(column(rows, |(_, health)| health.paused_until))
        .bind(column(rows, |(_, health)| health.misconfigured_since))
        .bind(column(rows, |(_, health)| health.last_error.as_deref()))
        .bind(column(rows, |(_, health)| health.last_success_at))
        .bind(column(rows, |(_, health)| health.flagged_at))
        .bind(column(rows, |(_, health)| health.updated_at))
        .execute(connection)
        .await?;
    Ok(())
}
