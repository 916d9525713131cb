//! THE SQL THAT CLAIMS WORK. The queue is the table `pushes`: a push is due when it is pending and
//! its `run_at` has passed. What has not ended is looked for in `push_queue`, which follows
//! `pushes` on PostgreSQL and is the same on SQLite (`migrations/*/0004_deliveries.sql`). Claiming
//! writes a lease and moves `run_at` to the lease's end; so what a dead worker held comes due by
//! itself.
//!
//! What waits from one repository for one target is a partition. Shares are given to partitions,
//! not to whoever waits longest: a target with a million waiting pushes takes nothing from the
//! others, and neither does a repository from its neighbours at the same target.

use super::{due, lease::uncertain::UncertainLeases};
use crate::{
    app::App,
    pipeline::message::{Lease, Recipients},
    push::{Outcome, state::PENDING},
    rule::Choice,
    target::health::Health,
};
use push_notify_core::id::{EventId, PushId, ReplayId, RepoId, TargetId, TemplateId};
use push_notify_db::list::among;
use sqlx::{Any, AnyConnection, AssertSqlSafe, Row as _, Transaction, any::AnyRow};
use std::collections::{HashMap, HashSet};

/// A push that is now ours.
pub(in crate::pipeline) struct Claimed {
    pub push_id: PushId,
    pub event_id: EventId,
    /// The replay whose form of the event it tells of.
    pub form_id: Option<ReplayId>,
    pub target_id: TargetId,
    pub scene: String,
    pub attempt: i64,
    pub lease: Lease,
    pub due_at: i64,
    pub template_id: Option<TemplateId>,
    pub title: Option<String>,
    pub body: Option<String>,
    pub recipients: Option<Recipients>,
    pub most_attempts: Option<i64>,
    /// The push that this one sends again.
    pub retry_of: Option<PushId>,
    /// What rules say of it.
    pub choice: Option<Choice>,
    /// Its last worker died with it.
    pub interrupted: bool,
}

/// What of a target a repository has waiting: a queue of its own, in the order in which its pushes
/// came due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::pipeline) struct Partition {
    pub target_id: TargetId,
    pub repo_id: RepoId,
    /// Since when its first one is due.
    pub due_at: i64,
}

/// So many of a partition are to be claimed.
pub(in crate::pipeline) struct Share {
    pub partition: Partition,
    pub most: usize,
    /// It is the one push that tries whether the target is well again.
    pub probe: Option<Health>,
}

/// What a claim brought.
#[derive(Default)]
pub(in crate::pipeline) struct Claims {
    pub pushes: Vec<Claimed>,
    /// The targets whose probe is among them, and what is known of those now.
    pub probes: Vec<(TargetId, Health)>,
}

/// Where the next look begins: a look goes over a part of the targets, so that it costs the same
/// whatever waits.
#[derive(Default)]
pub(in crate::pipeline) struct Round {
    target_id: TargetId,
    /// Of targets with more repositories than one look takes in: the last one that was seen.
    repos: HashMap<TargetId, RepoId>,
}

pub(in crate::pipeline) struct Look {
    /// Those that have something due.
    pub partitions: Vec<Partition>,
    /// It came to the last target; the next look begins with the first.
    pub is_last: bool,
    /// It began with the first, and no target has anything that waits.
    pub is_empty: bool,
}

/// Of one look.
const TARGETS: usize = 256;
/// Of one target, of one look.
const REPOS: usize = 32;

/// A push that is due, as its row says before somebody claims it.
pub(in crate::pipeline) struct Due {
    pub id: PushId,
    target_id: TargetId,
    run_at: i64,
    attempts: i64,
    interrupted: bool,
}

impl Due {
    pub(in crate::pipeline) fn from_row(row: &AnyRow) -> Self {
        Self {
            id: row.get("id"),
            target_id: row.get("target_id"),
            run_at: row.get("run_at"),
            attempts: row.get("attempts"),
            interrupted: row.get::<Option<i64>, _>("lease").is_some(),
        }
    }
}

/// Finds what is due, without what is due for `closed` targets. It steps through the index from
/// target to target and from repository to repository: a million waiting pushes of one cost it no
/// more than one.
pub(in crate::pipeline) async fn look(
    app: &App,
    round: &mut Round,
    closed: &HashSet<TargetId>,
) -> Result<Look, sqlx::Error> {
    let targets: Vec<TargetId> = sqlx::query_scalar(AssertSqlSafe(format!(
        "WITH RECURSIVE t (id) AS (
             SELECT (SELECT MIN(target_id) FROM push_queue WHERE {PENDING} AND target_id > $1)
             UNION ALL
             SELECT (SELECT MIN(target_id) FROM push_queue WHERE {PENDING} AND target_id > t.id) FROM t
             WHERE t.id IS NOT NULL)
         SELECT id FROM t WHERE id IS NOT NULL LIMIT {TARGETS}"
    )))
    .bind(round.target_id)
    .fetch_all(app.db.read())
    .await?;
    let is_last = targets.len() < TARGETS;
    let is_empty = round.target_id == TargetId::default() && targets.is_empty();
    round.target_id = match targets.last() {
        Some(last) if !is_last => *last,
        _ => TargetId::default(),
    };
    let open: Vec<TargetId> = targets
        .into_iter()
        .filter(|target_id| !closed.contains(target_id))
        .collect();
    let partitions = match open.is_empty() {
        true => vec![],
        false => partitions(app, round, &open).await?,
    };
    Ok(Look {
        partitions,
        is_last,
        is_empty,
    })
}

async fn partitions(
    app: &App,
    round: &mut Round,
    targets: &[TargetId],
) -> Result<Vec<Partition>, sqlx::Error> {
    let now = app.clock.now_us();
    let seen = |target_id: &TargetId| round.repos.get(target_id).map_or(-1, |id| id.get());
    let rows = targets
        .iter()
        .map(|target_id| format!("({target_id}, {})", seen(target_id)));
    let sql = format!(
        "WITH RECURSIVE t (id, seen) AS (VALUES {}),
             partition (target_id, repo_id, place) AS (
             SELECT id, (SELECT MIN(p.repo_id) FROM push_queue p
                 WHERE p.{PENDING} AND p.target_id = t.id AND p.repo_id > t.seen), 1 FROM t
             UNION ALL
             SELECT target_id, (SELECT MIN(p.repo_id) FROM push_queue p
                 WHERE p.{PENDING} AND p.target_id = partition.target_id AND p.repo_id > partition.repo_id), place + 1 FROM partition
             WHERE repo_id IS NOT NULL AND place < {REPOS})
         SELECT CAST(target_id AS BIGINT) AS target_id, repo_id, (SELECT MIN(p.run_at) FROM push_queue p
             WHERE p.{PENDING} AND p.target_id = partition.target_id AND p.repo_id = partition.repo_id
                 AND p.carried_by IS NULL) AS due_at
         FROM partition WHERE repo_id IS NOT NULL ORDER BY 1, 2",
        rows.collect::<Vec<_>>().join(", ")
    );
    let rows = sqlx::query(AssertSqlSafe(sql))
        .persistent(false)
        .fetch_all(app.db.read())
        .await?;
    let all: Vec<Partition> = rows
        .iter()
        .map(|row| Partition {
            target_id: row.get("target_id"),
            repo_id: row.get("repo_id"),
            // Taken since the statement before; of no interest then.
            due_at: row.get::<Option<i64>, _>("due_at").unwrap_or(i64::MAX),
        })
        .collect();
    round.go_on(targets, &all);
    Ok(all
        .into_iter()
        .filter(|partition| partition.due_at <= now)
        .collect())
}

impl Round {
    /// The next look at these targets begins where this one ended.
    fn go_on(&mut self, targets: &[TargetId], seen: &[Partition]) {
        for target_id in targets {
            let mut of_target = seen
                .iter()
                .filter(|partition| partition.target_id == *target_id);
            match of_target.clone().count() < REPOS {
                true => self.repos.remove(target_id),
                false => of_target
                    .next_back()
                    .and_then(|last| self.repos.insert(*target_id, last.repo_id)),
            };
        }
    }
}

/// Claims of each share what is due, the longest due first. What goes out together is claimed
/// together, by `digest`.
pub(in crate::pipeline) async fn claim(
    app: &App,
    shares: &[Share],
    uncertain: &UncertainLeases,
) -> Result<Claims, sqlx::Error> {
    let now = app.clock.now_us();
    let mut transaction = app.db.begin().await?;
    let mut due: Vec<Due> = sqlx::query(AssertSqlSafe(due::sql(app.db.dialect(), shares)))
        .persistent(false)
        .bind(now)
        .fetch_all(&mut *transaction)
        .await?
        .iter()
        .map(Due::from_row)
        .collect();
    let lease = lease(app, now);
    let mut probes = Vec::new();
    for Share {
        partition, probe, ..
    } in shares
    {
        let Some(mut health) = probe.clone() else {
            continue;
        };
        let is_of_target = |due: &Due| due.target_id == partition.target_id;
        if !due.iter().any(is_of_target) {
            continue;
        }
        health.probe(lease.until, now);
        match take_probe(&mut transaction, partition.target_id, &health, now).await? {
            true => probes.push((partition.target_id, health)),
            false => due.retain(|due| !is_of_target(due)),
        }
    }
    if due.is_empty() {
        return Ok(Claims::default());
    }
    let pushes = hold(&mut transaction, &due, lease, None).await?;
    commit(transaction, lease, uncertain).await?;
    Ok(Claims { pushes, probes })
}

pub(in crate::pipeline) fn lease(app: &App, now: i64) -> Lease {
    let lease_us = app.config.delivery.lease_seconds as i64 * 1_000_000;
    Lease::new(app.db.number().get(), now + lease_us)
}

/// A commit that breaks may have written the lease.
pub(in crate::pipeline) async fn commit(
    transaction: Transaction<'static, Any>,
    lease: Lease,
    uncertain: &UncertainLeases,
) -> Result<(), sqlx::Error> {
    let committed = transaction.commit().await;
    if committed.is_err() {
        uncertain.add(lease);
    }
    committed
}

/// Leases what is due. With `carried_by`, it is to go out as one message.
pub(in crate::pipeline) async fn hold(
    connection: &mut AnyConnection,
    due: &[Due],
    lease: Lease,
    carried_by: Option<PushId>,
) -> Result<Vec<Claimed>, sqlx::Error> {
    for due in due.iter().filter(|due| due.interrupted) {
        record_interruption(connection, due).await?;
    }
    let sql = format!(
        "UPDATE pushes SET lease = $1, run_at = $2, attempts = attempts + 1, carried_by = $3, waits_for = NULL
         WHERE {}
         RETURNING id, event_id, form_id, target_id, scene, attempts, template_id, title, body, only_to, most_attempts,
            retry_of, choice",
        among("id", due.iter().map(|due| due.id))
    );
    // Its text is another each time: prepared for good, it would push the committer's out.
    let rows = sqlx::query(AssertSqlSafe(sql))
        .persistent(false)
        .bind(lease.token)
        .bind(lease.until)
        .bind(carried_by)
        .fetch_all(connection)
        .await?;
    let mut pushes: Vec<Claimed> = rows
        .iter()
        .map(|row| {
            let push_id = row.get("id");
            let before = due.iter().find(|due| due.id == push_id);
            Claimed {
                push_id,
                event_id: row.get("event_id"),
                form_id: row.get("form_id"),
                target_id: row.get("target_id"),
                scene: row.get("scene"),
                attempt: row.get("attempts"),
                lease,
                due_at: before.map_or(lease.until, |before| before.run_at),
                interrupted: before.is_some_and(|before| before.interrupted),
                template_id: row.get("template_id"),
                title: row.get("title"),
                body: row.get("body"),
                recipients: row
                    .get::<Option<String>, _>("only_to")
                    .and_then(|to| serde_json::from_str(&to).ok()),
                most_attempts: row.get("most_attempts"),
                retry_of: row.get("retry_of"),
                choice: Choice::from_stored(row.get::<Option<String>, _>("choice").as_deref()),
            }
        })
        .collect();
    pushes.sort_by_key(|claimed| (claimed.due_at, claimed.push_id));
    Ok(pushes)
}

/// False: another server tries this target already.
pub(in crate::pipeline) async fn take_probe(
    connection: &mut AnyConnection,
    target_id: TargetId,
    health: &Health,
    now: i64,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "INSERT INTO target_health (target_id, failures, failing_since, opened_at, open_until, openings, last_error,
             flagged_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         ON CONFLICT (target_id) DO UPDATE SET open_until = excluded.open_until, updated_at = excluded.updated_at
         WHERE COALESCE(target_health.open_until, 0) <= $10",
    )
    .bind(target_id)
    .bind(health.failures)
    .bind(health.failing_since)
    .bind(health.opened_at)
    .bind(health.open_until)
    .bind(health.openings)
    .bind(health.last_error.as_deref())
    .bind(health.flagged_at)
    .bind(health.updated_at)
    .bind(now)
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The attempt whose worker died: it may have been sent, nobody knows.
async fn record_interruption(connection: &mut AnyConnection, due: &Due) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO push_attempts (push_id, attempt, outcome, detail, started_at, duration_us)
         VALUES ($1, $2, $3, 'the server stopped during this attempt', $4, 0)
         ON CONFLICT (push_id, attempt) DO NOTHING",
    )
    .bind(due.id)
    .bind(due.attempts)
    .bind(Outcome::Interrupted.name())
    .bind(due.run_at)
    .execute(connection)
    .await?;
    Ok(())
}
