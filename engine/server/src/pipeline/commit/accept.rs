use crate::{
    app::App,
    db::{
        Dialect, Sequence,
        rows::{placeholders, runs},
    },
    pipeline::{
        dispatch::{Aim, Slot},
        message::Lease,
    },
};
use push_notify_host::{Effect, Event};
use sqlx::{AnyConnection, AssertSqlSafe, Row as _};
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
    pub received_at: i64,
}

/// Where the delivery is stored: just now, or when it came the first time.
#[derive(Debug, Clone)]
pub(crate) struct Acceptance {
    pub event_id: i64,
    pub push_ids: Vec<i64>,
    pub duplicate: bool,
}

/// Deliveries with one effect from different sources are one event within this time.
const TWIN_WINDOW_US: i64 = 600_000_000;

pub(super) struct Ids {
    events: Vec<i64>,
    pushes: Vec<i64>,
}

pub(super) async fn take_ids(app: &App, accepts: &[&Accepted]) -> Result<Ids, sqlx::Error> {
    let pushes = accepts.iter().map(|accepted| accepted.aims.len()).sum();
    Ok(Ids {
        events: app.db.take_ids(Sequence::Events, accepts.len()).await?,
        pushes: app.db.take_ids(Sequence::Pushes, pushes).await?,
    })
}

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
    lock_effects(app, connection, accepts).await?;
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
    let inserted = insert_events(connection, accepts, &fresh, &ids.events).await?;
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
    insert_pushes(connection, &rows).await?;
    for acceptance in acceptances
        .iter_mut()
        .filter(|acceptance| acceptance.duplicate)
    {
        acceptance.push_ids = sqlx::query_scalar(
            "SELECT id FROM pushes WHERE event_id = $1 AND retry_of IS NULL ORDER BY id",
        )
        .bind(acceptance.event_id)
        .fetch_all(&mut *connection)
        .await?;
    }
    Ok(acceptances)
}

/// On PostgreSQL two transactions do not see each other's rows; those that announce one action take turns. The locks go with
/// the transaction and are taken in one order.
async fn lock_effects(
    app: &App,
    connection: &mut AnyConnection,
    accepts: &[&Accepted],
) -> Result<(), sqlx::Error> {
    if app.db.dialect() == Dialect::Sqlite {
        return Ok(());
    }
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

/// The ids of the rows that were new.
async fn insert_events(
    connection: &mut AnyConnection,
    accepts: &[&Accepted],
    indexes: &[usize],
    ids: &[i64],
) -> Result<HashSet<i64>, sqlx::Error> {
    let mut inserted = HashSet::with_capacity(indexes.len());
    for run in runs(indexes) {
        let sql = format!(
            "INSERT INTO events (id, repo_id, uid, state, reason, delivery_key, delivery_id, effect_key, effect_source,
                kind, event, headers, body, received_at, retry_at)
             VALUES {} ON CONFLICT (repo_id, delivery_key) DO NOTHING RETURNING id",
            placeholders(run.len(), 15)
        );
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for &index in run {
            let row = accepts[index];
            query = query
                .bind(ids[index])
                .bind(row.repo_id)
                .bind(&row.uid)
                .bind(if row.event.is_some() {
                    "accepted"
                } else {
                    "parked"
                })
                .bind(row.reason.as_deref())
                .bind(&row.delivery_key)
                .bind(row.delivery_id.as_deref())
                .bind(row.effect.as_ref().map(|effect| effect.key.as_str()))
                .bind(row.effect.as_ref().map(|effect| effect.source.as_str()))
                .bind(row.event.as_ref().map(|event| event.kind.as_str()))
                .bind(row.packed_event.as_deref())
                .bind(&row.sealed_headers)
                .bind(&row.packed_body)
                .bind(row.received_at)
                .bind(row.retry_at);
        }
        for row in query.fetch_all(&mut *connection).await? {
            inserted.insert(row.get(0));
        }
    }
    Ok(inserted)
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

struct PushRow<'a> {
    id: i64,
    event_id: i64,
    target_id: i64,
    accepted: &'a Accepted,
    lease: Option<Lease>,
}

async fn insert_pushes(
    connection: &mut AnyConnection,
    rows: &[PushRow<'_>],
) -> Result<(), sqlx::Error> {
    for run in runs(rows) {
        let sql = format!(
            "INSERT INTO pushes (id, event_id, repo_id, target_id, scene, commit_id, commit_msg, state, attempts, run_at,
                lease, created_at)
             VALUES {}",
            placeholders(run.len(), 12)
        );
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for row in run {
            query = query
                .bind(row.id)
                .bind(row.event_id)
                .bind(row.accepted.repo_id)
                .bind(row.target_id)
                .bind(row.accepted.scene)
                .bind(&row.accepted.commit_id)
                .bind(&row.accepted.commit_msg)
                .bind("pending")
                .bind(i64::from(row.lease.is_some()))
                .bind(
                    row.lease
                        .map_or(row.accepted.received_at, |lease| lease.until),
                )
                .bind(row.lease.map(|lease| lease.token))
                .bind(row.accepted.received_at);
        }
        query.execute(&mut *connection).await?;
    }
    Ok(())
}
