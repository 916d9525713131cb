//! What sends say of their targets, written with their outcomes. Most say nothing, and then there is no statement.

use super::{accept::AnyQuery, settle::Settlement};
use crate::{
    app::App,
    db::rows::{Bulk, MOST, padded},
    target::health::Health,
};
use sqlx::AnyConnection;
use std::collections::{BTreeMap, btree_map::Entry};

/// The owner was told of one flag, not of the next.
static UPSERT: Bulk = Bulk::new(
    "target_id, failures, failing_since, opened_at, open_until, openings, paused_until, misconfigured_since, last_error,
     last_success_at, flagged_at, updated_at",
    12,
    "INSERT INTO target_health (target_id, failures, failing_since, opened_at, open_until, openings, paused_until,
         misconfigured_since, last_error, last_success_at, flagged_at, updated_at)
     SELECT target_id, failures, failing_since, opened_at, open_until, openings, paused_until, misconfigured_since,
         last_error, last_success_at, flagged_at, updated_at
     FROM v WHERE target_id IS NOT NULL
     ON CONFLICT (target_id) DO UPDATE SET failures = excluded.failures, failing_since = excluded.failing_since,
         opened_at = excluded.opened_at, open_until = excluded.open_until, openings = excluded.openings,
         paused_until = excluded.paused_until, misconfigured_since = excluded.misconfigured_since,
         last_error = excluded.last_error,
         last_success_at = COALESCE(excluded.last_success_at, target_health.last_success_at),
         flagged_at = excluded.flagged_at,
         notified_at = CASE WHEN excluded.flagged_at = target_health.flagged_at THEN target_health.notified_at END,
         updated_at = excluded.updated_at
     WHERE excluded.updated_at >= target_health.updated_at",
);

/// The newest of each target, in one order: two transactions that take their locks so do not block each other.
pub(super) fn healths<'a>(settlements: &[&'a Settlement]) -> Vec<(i64, &'a Health)> {
    let mut newest: BTreeMap<i64, &Health> = BTreeMap::new();
    for (target_id, health) in settlements
        .iter()
        .filter_map(|settlement| settlement.health.as_deref())
    {
        match newest.entry(*target_id) {
            Entry::Vacant(vacant) => {
                vacant.insert(health);
            }
            Entry::Occupied(mut known) if known.get().updated_at < health.updated_at => {
                known.insert(health);
            }
            Entry::Occupied(_) => {}
        }
    }
    newest.into_iter().collect()
}

pub(super) async fn write(
    app: &App,
    connection: &mut AnyConnection,
    healths: &[(i64, &Health)],
) -> Result<(), sqlx::Error> {
    for run in healths.chunks(MOST) {
        let (sql, size) = UPSERT.text(app.db.dialect(), run.len());
        let query = bind(sqlx::query(sql), run, size);
        query.execute(&mut *connection).await?;
    }
    Ok(())
}

fn bind<'q>(mut query: AnyQuery<'q>, run: &[(i64, &'q Health)], size: usize) -> AnyQuery<'q> {
    for row in padded(run, size) {
        let health = row.map(|(_, health)| *health);
        query = query
            .bind(row.map(|(target_id, _)| *target_id))
            .bind(health.map(|health| health.failures))
            .bind(health.and_then(|health| health.failing_since))
            .bind(health.and_then(|health| health.opened_at))
            .bind(health.and_then(|health| health.open_until))
            .bind(health.map(|health| health.openings))
            .bind(health.and_then(|health| health.paused_until))
            .bind(health.and_then(|health| health.misconfigured_since))
            .bind(health.and_then(|health| health.last_error.as_deref()))
            .bind(health.and_then(|health| health.last_success_at))
            .bind(health.and_then(|health| health.flagged_at))
            .bind(health.map(|health| health.updated_at));
    }
    query
}
