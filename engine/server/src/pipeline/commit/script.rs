//! A whole transaction as one script, on SQLite. Its driver works on a thread of its own, and each statement that is waited for is
//! a switch of threads and back; here there is one.

use super::{
    accept::{
        Acceptance, Accepted, INSERT_EVENTS, INSERT_PUSHES, Ids, PushRow, bind_events, bind_pushes,
        first_event, first_pushes,
    },
    health, review,
    settle::{INSERT_ATTEMPTS, Settlement, UPDATE_PUSHES, attempted, bind_attempts, bind_updates},
};
use crate::{
    db::{
        Dialect,
        rows::{Bulk, MOST},
    },
    pipeline::{dispatch::Slot, message::Lease},
};
use sqlx::{AnyConnection, AssertSqlSafe, Row as _};

pub(super) async fn write(
    connection: &mut AnyConnection,
    accepts: &[&Accepted],
    slots: &[Vec<Option<Slot>>],
    lease: Lease,
    ids: Ids,
    settles: &[&Settlement],
) -> Result<Vec<Acceptance>, sqlx::Error> {
    let mut own_ids = ids.pushes.into_iter();
    let mut acceptances: Vec<Acceptance> = Vec::with_capacity(accepts.len());
    let mut pushes = Vec::new();
    for ((accepted, slots), &event_id) in accepts.iter().zip(slots).zip(&ids.events) {
        let push_ids: Vec<i64> = own_ids.by_ref().take(accepted.aims.len()).collect();
        for ((&id, aim), slot) in push_ids.iter().zip(&accepted.aims).zip(slots) {
            pushes.push(PushRow {
                id,
                event_id,
                target_id: aim.target_id,
                accepted,
                lease: slot.is_some().then_some(lease),
            });
        }
        acceptances.push(Acceptance {
            event_id,
            push_ids,
            duplicate: false,
        });
    }
    let events: Vec<(i64, &Accepted)> = ids
        .events
        .iter()
        .copied()
        .zip(accepts.iter().copied())
        .collect();
    match run(connection, &events, &pushes, settles).await {
        Ok(stored) if stored == events.len() => {}
        Ok(_) => repetitions(connection, accepts, &mut acceptances).await?,
        Err(error) => {
            // Where it failed the transaction may be open; if it is not, this says so and that is all.
            sqlx::raw_sql("ROLLBACK")
                .execute(&mut *connection)
                .await
                .ok();
            return Err(error);
        }
    }
    Ok(acceptances)
}

/// An event that was not stored is there already: its answer is the first one's.
async fn repetitions(
    connection: &mut AnyConnection,
    accepts: &[&Accepted],
    acceptances: &mut [Acceptance],
) -> Result<(), sqlx::Error> {
    for (accepted, acceptance) in accepts.iter().zip(acceptances) {
        let event_id = first_event(connection, accepted).await?;
        if event_id != acceptance.event_id {
            *acceptance = Acceptance {
                event_id,
                push_ids: first_pushes(connection, event_id).await?,
                duplicate: true,
            };
        }
    }
    Ok(())
}

/// Returns how many of the events are stored.
async fn run(
    connection: &mut AnyConnection,
    events: &[(i64, &Accepted)],
    pushes: &[PushRow<'_>],
    settles: &[&Settlement],
) -> Result<usize, sqlx::Error> {
    let attempts = attempted(settles);
    let reviews = review::wanted(events.iter().copied());
    let mut script = Script::new();
    let event_sizes = script.add(&INSERT_EVENTS, events.len());
    let review_sizes = script.add(&review::INSERT, reviews.len());
    let push_sizes = script.add(&INSERT_PUSHES, pushes.len());
    let attempt_sizes = script.add(&INSERT_ATTEMPTS, attempts.len());
    let update_sizes = script.add(&UPDATE_PUSHES, settles.len());
    let healths = health::healths(settles);
    let health_sizes = script.add(&health::UPSERT, healths.len());
    let mut query = sqlx::query(AssertSqlSafe(script.end()));
    for (run, size) in events.chunks(MOST).zip(event_sizes) {
        query = bind_events(query, run, size);
    }
    for (run, size) in reviews.chunks(MOST).zip(review_sizes) {
        query = review::bind(query, run, size);
    }
    for (run, size) in pushes.chunks(MOST).zip(push_sizes) {
        query = bind_pushes(query, run, size);
    }
    for (run, size) in attempts.chunks(MOST).zip(attempt_sizes) {
        query = bind_attempts(query, run, size);
    }
    for (run, size) in settles.chunks(MOST).zip(update_sizes) {
        query = bind_updates(query, run, size);
    }
    for (run, size) in healths.chunks(MOST).zip(health_sizes) {
        query = health::bind(query, run, size);
    }
    let (first, last) = (events.first(), events.last());
    let id = |event: Option<&(i64, &Accepted)>| event.map(|(id, _)| *id);
    // All rows, though there is one: the commit comes after it.
    let rows = query
        .bind(id(first))
        .bind(id(last))
        .fetch_all(connection)
        .await?;
    let stored: i64 = rows.first().map_or(Ok(0), |row| row.try_get(0))?;
    Ok(usize::try_from(stored).unwrap_or_default())
}

struct Script(String);

impl Script {
    fn new() -> Self {
        Self("BEGIN IMMEDIATE; ".to_owned())
    }

    /// The statement for so many rows, in runs; returns how many rows each run's list has.
    fn add(&mut self, bulk: &'static Bulk, rows: usize) -> Vec<usize> {
        let runs = (0..rows).step_by(MOST).map(|start| MOST.min(rows - start));
        runs.map(|run| {
            let (text, size) = bulk.text(Dialect::Sqlite, run);
            self.0.push_str(text);
            self.0.push_str("; ");
            size
        })
        .collect()
    }

    /// Ends with the number of events stored, whose ids follow one another, and the commit.
    fn end(mut self) -> String {
        self.0
            .push_str("SELECT COUNT(*) FROM events WHERE id BETWEEN ? AND ?; COMMIT");
        self.0
    }
}
