use super::review::{self, NewReview};
use crate::{
    app::App,
    db::{
        Sequence,
        rows::{Bulk, MOST, padded},
    },
    pipeline::{
        dispatch::{Aim, Slot},
        message::Lease,
    },
};
use push_notify_host::{Effect, Event};
use sqlx::{Any, AnyConnection, AssertSqlSafe, Row as _, any::AnyArguments, query::Query};
use std::collections::{BTreeSet, HashMap, HashSet};

/// An authenticated delivery, ready to be stored with a push for each target. Without an event it is parked.
pub(crate) struct Accepted {
    pub repo_id: i64,
    pub repo_name: String,
    pub repo_url: String,
    pub uid: String,
    pub delivery_key: String,
    pub delivery_id: Option<String>,
    pub effect: Option<Effect>,
    /// Why it is parked.
    pub reason: Option<String>,
    /// When a parked one is tried again by itself.
    pub retry_at: Option<i64>,
    pub event: Option<Event>,
    /// `event` as stored.
    pub packed_event: Option<Vec<u8>>,
    pub sealed_headers: String,
    pub packed_body: Vec<u8>,
    pub scene: &'static str,
    pub commit_id: String,
    pub commit_msg: String,
    pub aims: Vec<Aim>,
    /// The pushes wait for it.
    pub review: Option<NewReview>,
    pub received_at: i64,
    /// The trace that it is a part of.
    pub traceparent: Option<String>,
}

/// Where the delivery is stored: just now, or when it came the first time.
#[derive(Debug, Clone)]
pub(crate) struct Acceptance {
    pub event_id: i64,
    pub push_ids: Vec<i64>,
    pub duplicate: bool,
}

pub(super) type AnyQuery<'q> = Query<'q, Any, AnyArguments>;

/// Deliveries with one effect from different sources are one event within this time.
pub(super) const TWIN_WINDOW_US: i64 = 600_000_000;

pub(super) struct Ids {
    pub events: Vec<i64>,
    pub pushes: Vec<i64>,
}

pub(super) async fn take_ids(app: &App, accepts: &[&Accepted]) -> Result<Ids, sqlx::Error> {
    let pushes = accepts.iter().map(|accepted| accepted.aims.len()).sum();
    Ok(Ids {
        events: app.db.take_ids(Sequence::Events, accepts.len()).await?,
        pushes: app.db.take_ids(Sequence::Pushes, pushes).await?,
    })
}

/// On PostgreSQL; `sqlite` has SQLite's way.
pub(super) async fn write(
    app: &App,
    connection: &mut AnyConnection,
    accepts: &[&Accepted],
    slots: &[Vec<Option<Slot>>],
    lease: Lease,
    ids: Ids,
) -> Result<Vec<Acceptance>, sqlx::Error> {
    let mut known: HashMap<usize, i64> = HashMap::new();
    // Twins within the batch, by the index of the first: the two announcements of one action come together.
    let mut followers: Vec<(usize, usize)> = Vec::new();
    let mut leaders: HashMap<(i64, &str), usize> = HashMap::new();
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
    let inserted = insert_events(app, connection, accepts, &fresh, &ids.events).await?;
    let reviewed = fresh
        .iter()
        .map(|&index| (ids.events[index], accepts[index]))
        .filter(|(id, _)| inserted.contains(id));
    review::insert(app, connection, &review::wanted(reviewed)).await?;
    for index in fresh {
        if !inserted.contains(&ids.events[index]) {
            let accepted = accepts[index];
            known.insert(index, first_event(connection, accepted).await?);
        }
    }
    for (follower, leader) in followers {
        let first = known.get(&leader).copied();
        known.insert(follower, first.unwrap_or(ids.events[leader]));
    }
    let mut push_ids = ids.pushes.into_iter();
    let mut acceptances = Vec::with_capacity(accepts.len());
    let mut rows = Vec::new();
    for (index, accepted) in accepts.iter().enumerate() {
        let own: Vec<i64> = push_ids.by_ref().take(accepted.aims.len()).collect();
        if let Some(&event_id) = known.get(&index) {
            acceptances.push(Acceptance {
                event_id,
                push_ids: vec![],
                duplicate: true,
            });
            continue;
        }
        let event_id = ids.events[index];
        for ((push_id, aim), slot) in own.iter().zip(&accepted.aims).zip(&slots[index]) {
            rows.push(PushRow {
                id: *push_id,
                event_id,
                target_id: aim.target_id,
                accepted,
                lease: slot.is_some().then_some(lease),
            });
        }
        acceptances.push(Acceptance {
            event_id,
            push_ids: own,
            duplicate: false,
        });
    }
    insert_pushes(app, connection, &rows).await?;
    for acceptance in acceptances
        .iter_mut()
        .filter(|acceptance| acceptance.duplicate)
    {
        acceptance.push_ids = first_pushes(connection, acceptance.event_id).await?;
    }
    Ok(acceptances)
}

/// On PostgreSQL two transactions do not see each other's rows; those that announce one action take turns. The locks go with
/// the transaction and are taken in one order.
async fn lock_effects(
    connection: &mut AnyConnection,
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
pub(crate) async fn find_twin(
    connection: &mut AnyConnection,
    accepted: &Accepted,
    effect: &Effect,
) -> Result<Option<i64>, sqlx::Error> {
    sqlx::query_scalar(
        "SELECT id FROM events WHERE repo_id = $1 AND effect_key = $2 AND received_at > $3
         AND effect_source <> $4 ORDER BY id DESC LIMIT 1",
    )
    .bind(accepted.repo_id)
    .bind(&effect.key)
    .bind(accepted.received_at - TWIN_WINDOW_US)
    .bind(&effect.source)
    .fetch_optional(connection)
    .await
}

static INSERT_EVENTS: Bulk = Bulk::new(
    "id, repo_id, uid, state, reason, delivery_key, delivery_id, effect_key, effect_source, kind, event, headers, body,
     received_at, retry_at, traceparent",
    16,
    "INSERT INTO events (id, repo_id, uid, state, reason, delivery_key, delivery_id, effect_key, effect_source, kind,
         event, headers, body, received_at, retry_at, traceparent)
     SELECT id, repo_id, uid, state, reason, delivery_key, delivery_id, effect_key, effect_source, kind, event, headers,
         body, received_at, retry_at, traceparent
     FROM v WHERE id IS NOT NULL ON CONFLICT (repo_id, delivery_key) DO NOTHING",
);

/// The ids of the rows that were new.
async fn insert_events(
    app: &App,
    connection: &mut AnyConnection,
    accepts: &[&Accepted],
    indexes: &[usize],
    ids: &[i64],
) -> Result<HashSet<i64>, sqlx::Error> {
    let mut inserted = HashSet::with_capacity(indexes.len());
    for run in indexes.chunks(MOST) {
        let (sql, size) = INSERT_EVENTS.text(app.db.dialect(), run.len());
        let rows: Vec<_> = run
            .iter()
            .map(|&index| (ids[index], accepts[index]))
            .collect();
        let sql = AssertSqlSafe(format!("{sql} RETURNING id"));
        let query = bind_events(sqlx::query(sql), &rows, size);
        for row in query.fetch_all(&mut *connection).await? {
            inserted.insert(row.get(0));
        }
    }
    Ok(inserted)
}

fn bind_events<'q>(
    mut query: AnyQuery<'q>,
    rows: &[(i64, &'q Accepted)],
    size: usize,
) -> AnyQuery<'q> {
    for row in padded(rows, size) {
        let id = row.map(|(id, _)| *id);
        let row = row.map(|(_, accepted)| *accepted);
        let event = row.and_then(|row| row.event.as_ref());
        let effect = row.and_then(|row| row.effect.as_ref());
        query = query
            .bind(id)
            .bind(row.map(|row| row.repo_id))
            .bind(row.map(|row| row.uid.as_str()))
            .bind(event.map_or("parked", |_| "accepted"))
            .bind(row.and_then(|row| row.reason.as_deref()))
            .bind(row.map(|row| row.delivery_key.as_str()))
            .bind(row.and_then(|row| row.delivery_id.as_deref()))
            .bind(effect.map(|effect| effect.key.as_str()))
            .bind(effect.map(|effect| effect.source.as_str()))
            .bind(event.map(|event| event.kind.as_str()))
            .bind(row.and_then(|row| row.packed_event.as_deref()))
            .bind(row.map(|row| row.sealed_headers.as_str()))
            .bind(row.map(|row| row.packed_body.as_slice()))
            .bind(row.map(|row| row.received_at))
            .bind(row.and_then(|row| row.retry_at))
            .bind(row.and_then(|row| row.traceparent.as_deref()));
    }
    query
}

async fn first_event(
    connection: &mut AnyConnection,
    accepted: &Accepted,
) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar("SELECT id FROM events WHERE repo_id = $1 AND delivery_key = $2")
        .bind(accepted.repo_id)
        .bind(&accepted.delivery_key)
        .fetch_one(connection)
        .await
}

async fn first_pushes(
    connection: &mut AnyConnection,
    event_id: i64,
) -> Result<Vec<i64>, sqlx::Error> {
    sqlx::query_scalar("SELECT id FROM pushes WHERE event_id = $1 AND retry_of IS NULL ORDER BY id")
        .bind(event_id)
        .fetch_all(connection)
        .await
}

struct PushRow<'a> {
    pub id: i64,
    pub event_id: i64,
    pub target_id: i64,
    pub accepted: &'a Accepted,
    pub lease: Option<Lease>,
}

/// Only those whose event is there: one that was a repetition has none.
static INSERT_PUSHES: Bulk = Bulk::new(
    "id, event_id, repo_id, target_id, scene, commit_id, commit_msg, attempts, run_at, lease, created_at",
    11,
    "INSERT INTO pushes (id, event_id, repo_id, target_id, scene, commit_id, commit_msg, state, attempts, run_at, lease,
         created_at)
     SELECT id, event_id, repo_id, target_id, scene, commit_id, commit_msg, 'pending', attempts, run_at, lease, created_at
     FROM v WHERE id IS NOT NULL AND EXISTS (SELECT 1 FROM events e WHERE e.id = v.event_id)",
);

async fn insert_pushes(
    app: &App,
    connection: &mut AnyConnection,
    rows: &[PushRow<'_>],
) -> Result<(), sqlx::Error> {
    for run in rows.chunks(MOST) {
        let (sql, size) = INSERT_PUSHES.text(app.db.dialect(), run.len());
        let query = bind_pushes(sqlx::query(sql), run, size);
        query.execute(&mut *connection).await?;
    }
    Ok(())
}

fn bind_pushes<'q>(mut query: AnyQuery<'q>, rows: &[PushRow<'q>], size: usize) -> AnyQuery<'q> {
    for row in padded(rows, size) {
        let lease = row.and_then(|row| row.lease);
        let accepted = row.map(|row| row.accepted);
        let received_at = accepted.map(|accepted| accepted.received_at);
        let review = accepted.and_then(|accepted| accepted.review.as_ref());
        let due_at = review.map(|review| review.due_by).or(received_at);
        query = query
            .bind(row.map(|row| row.id))
            .bind(row.map(|row| row.event_id))
            .bind(accepted.map(|accepted| accepted.repo_id))
            .bind(row.map(|row| row.target_id))
            .bind(accepted.map(|accepted| accepted.scene))
            .bind(accepted.map(|accepted| accepted.commit_id.as_str()))
            .bind(accepted.map(|accepted| accepted.commit_msg.as_str()))
            .bind(i64::from(lease.is_some()))
            .bind(lease.map(|lease| lease.until).or(due_at))
            .bind(lease.map(|lease| lease.token))
            .bind(received_at);
    }
    query
}
