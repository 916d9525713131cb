//! A batch on PostgreSQL: one statement for the rows of each table.

mod edges;
mod rows;
mod subjects;

use super::{
    accept::{Acceptance, Accepted, Ids, TWIN, TWIN_WINDOW_US},
    card::cards,
    health::healths,
    plan::Made,
    review::wanted,
    settle::Settlement,
};
use crate::pipeline::{dispatch::Slot, message::Lease};
use push_notify_core::id::{EventId, PushId, RepoId};
use push_notify_db::Db;
use push_notify_host::Effect;
use sqlx::{Executor as _, PgConnection};
use std::{
    collections::{BTreeSet, HashMap},
    time::Duration,
};
use tokio::time::timeout;

/// How long a connection that was used before may take to begin a transaction.
const RECONNECT_TIMEOUT: Duration = Duration::from_secs(2);

/// One of the committer's connections. Those of the pool are for any database and know no arrays;
/// and a pool asks a connection whether it is well each time that it is taken and given back.
pub(super) struct Writer {
    db: Db,
    own: Option<PgConnection>,
}

impl Writer {
    pub(super) fn new(db: Db) -> Self {
        Self { db, own: None }
    }

    /// All of it or nothing. Returns when it is on disk.
    pub(super) async fn write(
        &mut self,
        accepts: &[&Accepted],
        slots: &[Vec<Option<Slot>>],
        lease: Lease,
        ids: Ids,
        settles: &[&Settlement],
    ) -> Result<Vec<Acceptance>, sqlx::Error> {
        let mut connection = self.begin().await?;
        let acceptances = accept(&mut connection, accepts, slots, lease, ids).await?;
        settle(&mut connection, settles).await?;
        connection.execute("COMMIT").await?;
        // One on which something failed is closed, and what it has written is rolled back.
        self.own = Some(connection);
        Ok(acceptances)
    }

    /// A server that was restarted leaves dead connections behind, and a network that forgot one
    /// leaves it silent. On neither can anything have begun.
    async fn begin(&mut self) -> Result<PgConnection, sqlx::Error> {
        const BEGIN: &str = "BEGIN";
        if let Some(mut own) = self.own.take()
            && let Ok(Ok(_)) = timeout(RECONNECT_TIMEOUT, own.execute(BEGIN)).await
        {
            return Ok(own);
        }
        let mut fresh = self.db.connect_postgres().await?;
        fresh.execute(BEGIN).await?;
        Ok(fresh)
    }
}

async fn accept(
    connection: &mut PgConnection,
    accepts: &[&Accepted],
    slots: &[Vec<Option<Slot>>],
    lease: Lease,
    ids: Ids,
) -> Result<Vec<Acceptance>, sqlx::Error> {
    if accepts.is_empty() {
        return Ok(vec![]);
    }
    let mut known: HashMap<usize, EventId> = HashMap::new();
    // Twins within the batch, by the index of the first: the two announcements of one action come
    // together.
    let mut followers: Vec<(usize, usize)> = Vec::new();
    let mut leaders: HashMap<(RepoId, &str), usize> = HashMap::new();
    lock_effects(connection, accepts).await?;
    for (index, accepted) in accepts.iter().enumerate() {
        let Some(effect) = &accepted.effect else {
            continue;
        };
        if let Some(id) = find_twin(connection, accepted, effect).await? {
            known.insert(index, id);
            continue;
        }
        let leader = *leaders
            .entry((accepted.repo_id, &effect.key))
            .or_insert(index);
        let source = accepts[leader].effect.as_ref().map(|effect| &effect.source);
        if source != Some(&effect.source) {
            followers.push((index, leader));
        }
    }
    let follows = |index: &usize| followers.iter().any(|(follower, _)| follower == index);
    let fresh: Vec<usize> = (0..accepts.len())
        .filter(|index| !known.contains_key(index) && !follows(index))
        .collect();
    let event = |index: &usize| (ids.events[*index], accepts[*index]);
    let events: Vec<_> = fresh.iter().map(event).collect();
    let inserted = rows::insert_events(connection, &events).await?;
    let reviewed = events.into_iter().filter(|(id, _)| inserted.contains(id));
    rows::insert_reviews(connection, &wanted(reviewed)).await?;
    let told_of = fresh
        .iter()
        .map(event)
        .filter(|(id, _)| inserted.contains(id));
    let untold = subjects::keep(connection, &told_of.collect::<Vec<_>>()).await?;
    for index in fresh {
        let (id, accepted) = event(&index);
        if !inserted.contains(&id) {
            known.insert(index, first_event(connection, accepted).await?);
        }
    }
    for (follower, leader) in followers {
        let first = known.get(&leader).copied();
        known.insert(follower, first.unwrap_or(ids.events[leader]));
    }
    let mut push_ids = ids.pushes.into_iter();
    let mut acceptances = Vec::with_capacity(accepts.len());
    let mut told = Vec::new();
    for (index, accepted) in accepts.iter().enumerate() {
        let own: Vec<PushId> = push_ids.by_ref().take(accepted.aims.len()).collect();
        if let Some(&event_id) = known.get(&index) {
            acceptances.push(Acceptance {
                event_id,
                push_ids: vec![],
                made: vec![],
                duplicate: true,
            });
            continue;
        }
        let event_id = ids.events[index];
        let made = edges::made(connection, event_id, accepted, &untold).await?;
        let choices: Vec<Option<String>> = made.iter().map(Made::stored).collect();
        let own: Vec<PushId> = own.into_iter().take(made.len()).collect();
        told.push((index, choices));
        acceptances.push(Acceptance {
            event_id,
            push_ids: own,
            made,
            duplicate: false,
        });
    }
    let mut rows = Vec::new();
    let fresh = acceptances
        .iter()
        .filter(|acceptance| !acceptance.duplicate);
    for (acceptance, (index, choices)) in fresh.zip(&told) {
        let accepted = accepts[*index];
        let own = acceptance.push_ids.iter().zip(&acceptance.made);
        for ((push_id, made), choice) in own.zip(choices) {
            let lease = slots[*index]
                .get(made.aim)
                .and_then(Option::as_ref)
                .map(|_| lease);
            let aim = &accepted.aims[made.aim];
            rows.push(accepted.push(*push_id, acceptance.event_id, aim, choice.as_deref(), lease));
        }
    }
    rows::insert_pushes(connection, &rows).await?;
    for acceptance in acceptances
        .iter_mut()
        .filter(|acceptance| acceptance.duplicate)
    {
        acceptance.push_ids = first_pushes(connection, acceptance.event_id).await?;
    }
    Ok(acceptances)
}

async fn settle(connection: &mut PgConnection, settles: &[&Settlement]) -> Result<(), sqlx::Error> {
    rows::insert_attempts(connection, settles).await?;
    rows::update_pushes(connection, settles).await?;
    // After the pushes: a claim takes its locks in the same order.
    rows::upsert_healths(connection, &healths(settles)).await?;
    rows::settle_cards(connection, &cards(settles)).await
}

/// Two transactions do not see each other's rows; those that announce one action take turns. The
/// locks go with the transaction and are taken in one order.
async fn lock_effects(
    connection: &mut PgConnection,
    accepts: &[&Accepted],
) -> Result<(), sqlx::Error> {
    let key = |accepted: &&Accepted| {
        let effect = accepted.effect.as_ref()?;
        Some(format!("{}:{}", accepted.repo_id, effect.key))
    };
    let keys: BTreeSet<String> = accepts.iter().filter_map(key).collect();
    for key in keys {
        sqlx::query("SELECT 1 FROM pg_advisory_xact_lock(hashtextextended($1, 0))")
            .bind(key)
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

/// The event that already stands for this effect.
async fn find_twin(
    connection: &mut PgConnection,
    accepted: &Accepted,
    effect: &Effect,
) -> Result<Option<EventId>, sqlx::Error> {
    sqlx::query_scalar(TWIN)
        .bind(accepted.repo_id)
        .bind(&effect.key)
        .bind(accepted.received_at - TWIN_WINDOW_US)
        .bind(&effect.source)
        .fetch_optional(connection)
        .await
}

async fn first_event(
    connection: &mut PgConnection,
    accepted: &Accepted,
) -> Result<EventId, sqlx::Error> {
    sqlx::query_scalar("SELECT id FROM events WHERE repo_id = $1 AND delivery_key = $2")
        .bind(accepted.repo_id)
        .bind(&accepted.delivery_key)
        .fetch_one(connection)
        .await
}

async fn first_pushes(
    connection: &mut PgConnection,
    event_id: EventId,
) -> Result<Vec<PushId>, sqlx::Error> {
    sqlx::query_scalar("SELECT id FROM pushes WHERE event_id = $1 AND retry_of IS NULL ORDER BY id")
        .bind(event_id)
        .fetch_all(connection)
        .await
}
