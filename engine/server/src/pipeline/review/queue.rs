//! The SQL that claims reviews. The queue is the table `reviews`: one is due when it has a step to
//! be taken and its `run_at` has passed. As with pushes, a claim writes a lease and moves `run_at`
//! to the lease's end.

use crate::{app::App, pipeline::message::Lease};
use push_notify_core::id::{ReplayId, RepoId, ReviewId};
use push_notify_db::{Dialect, list::among};
use sqlx::{AssertSqlSafe, Row as _, any::AnyRow};
use std::time::Duration;

/// How long a review waits before it is looked at whether the other one has ended.
const BEHIND_ANOTHER_US: i64 = 1_000_000;
/// Of what is recorded, in characters.
const LONGEST_REASON: usize = 2_000;

/// A review that is now ours.
pub(super) struct Claimed {
    /// Also the event's.
    pub id: ReviewId,
    pub repo_id: RepoId,
    pub head_sha: String,
    pub number: Option<i64>,
    pub step: Step,
    /// At this step, from 1; this one included.
    pub attempt: i64,
    pub lease: Lease,
    /// Since when it was due.
    pub due_at: i64,
    /// The replay whose form of the event is reviewed.
    pub form_id: Option<ReplayId>,
    /// Somebody wanted it to be made again.
    pub is_retry: bool,
    /// Of the event.
    pub traceparent: Option<String>,
    /// And whoever was told of it is to be told again. A replay has pushes of its own.
    pub tells_again: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    Review,
    Publish,
}

/// Claims at most `most` reviews, the longest due first, none of the repositories in `busy`. None:
/// no review waits, whenever it is due.
pub(super) async fn claim(
    app: &App,
    most: usize,
    busy: &[RepoId],
) -> Result<Option<Vec<Claimed>>, sqlx::Error> {
    let now = app.clock.now_us();
    // An idle server only reads.
    let first: Option<i64> =
        sqlx::query_scalar("SELECT MIN(run_at) FROM reviews WHERE step IS NOT NULL")
            .fetch_one(app.db.read())
            .await?;
    match first {
        None => return Ok(None),
        Some(run_at) if run_at > now => return Ok(Some(vec![])),
        Some(_) => {}
    }
    let due_sql = due_sql(busy);
    let mut transaction = app.db.begin().await?;
    let skip_locked = match app.db.dialect() {
        Dialect::Sqlite => "",
        Dialect::Postgres => " FOR UPDATE SKIP LOCKED",
    };
    let sql = format!("{due_sql} LIMIT {most}{skip_locked}");
    let due: Vec<(ReviewId, i64)> = sqlx::query(AssertSqlSafe(sql))
        .bind(now)
        .fetch_all(&mut *transaction)
        .await?
        .iter()
        .map(|row| (row.get("id"), row.get("run_at")))
        .collect();
    if due.is_empty() {
        return Ok(Some(vec![]));
    }
    let lease = Lease::new(app.db.number().get(), now + lease_us(app));
    let sql = format!(
        "UPDATE reviews SET lease = $1, run_at = $2, attempts = attempts + 1 WHERE {}
         RETURNING id, repo_id, head_sha, number, step, attempts, triggered_by, form_id,
            (SELECT traceparent FROM events e WHERE e.id = reviews.id) AS traceparent",
        among("id", due.iter().map(|(id, _)| *id))
    );
    let rows = sqlx::query(AssertSqlSafe(sql))
        .persistent(false)
        .bind(lease.token)
        .bind(lease.until)
        .fetch_all(&mut *transaction)
        .await?;
    transaction.commit().await?;
    let claimed = |row: &AnyRow| {
        let id = row.get("id");
        let due_at = due.iter().find(|(due, _)| *due == id);
        Claimed {
            id,
            repo_id: row.get("repo_id"),
            head_sha: row.get("head_sha"),
            number: row.get("number"),
            step: match row.get::<String, _>("step").as_str() {
                "publish" => Step::Publish,
                _ => Step::Review,
            },
            attempt: row.get("attempts"),
            lease,
            due_at: due_at.map_or(now, |(_, run_at)| *run_at),
            is_retry: row.get::<String, _>("triggered_by") != "webhook",
            tells_again: row.get::<String, _>("triggered_by") == "retry",
            form_id: row.get("form_id"),
            traceparent: row.get("traceparent"),
        }
    };
    let mut claimed: Vec<Claimed> = rows.iter().map(claimed).collect();
    claimed.sort_by_key(|claimed| (claimed.due_at, claimed.id));
    Ok(Some(claimed))
}

fn due_sql(busy: &[RepoId]) -> String {
    let others = match busy {
        [] => String::new(),
        busy => format!(" AND NOT {}", among("repo_id", busy.iter().copied())),
    };
    format!(
        "SELECT id, run_at FROM reviews WHERE step IS NOT NULL AND run_at <= $1{others} ORDER BY run_at"
    )
}

fn lease_us(app: &App) -> i64 {
    app.config.delivery.lease_seconds as i64 * 1_000_000
}

/// False: another worker has it by now.
pub(super) async fn renew(app: &App, claimed: &Claimed) -> Result<bool, sqlx::Error> {
    let done = sqlx::query("UPDATE reviews SET run_at = $1 WHERE id = $2 AND lease = $3")
        .bind(app.clock.now_us() + lease_us(app))
        .bind(claimed.id)
        .bind(claimed.lease.token)
        .execute(app.db.write())
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Gives a review back as it was, for somebody to claim later.
pub(super) async fn put_back(app: &App, claimed: &Claimed) -> Result<(), sqlx::Error> {
    defer(app, claimed, claimed.due_at, claimed.attempt - 1, None).await
}

/// Gives a review back that has to wait for another one.
pub(super) async fn wait_for(app: &App, claimed: &Claimed) -> Result<(), sqlx::Error> {
    let run_at = app.clock.now_us() + BEHIND_ANOTHER_US;
    defer(app, claimed, run_at, claimed.attempt - 1, None).await
}

/// The step is to be tried again after `wait`; `reason` says why.
pub(super) async fn again(
    app: &App,
    claimed: &Claimed,
    wait: Duration,
    reason: &str,
) -> Result<(), sqlx::Error> {
    let run_at = app.clock.now_us() + wait.as_micros() as i64;
    let reason = readable(reason);
    defer(app, claimed, run_at, claimed.attempt, Some(&reason)).await
}

async fn defer(
    app: &App,
    claimed: &Claimed,
    run_at: i64,
    attempts: i64,
    reason: Option<&str>,
) -> Result<(), sqlx::Error> {
    let column = match claimed.step {
        Step::Review => "reason",
        Step::Publish => "publication_reason",
    };
    let sql = format!(
        "UPDATE reviews SET lease = NULL, run_at = $1, attempts = $2, {column} = COALESCE($3, {column})
         WHERE id = $4 AND lease = $5"
    );
    sqlx::query(AssertSqlSafe(sql))
        .bind(run_at)
        .bind(attempts)
        .bind(reason)
        .bind(claimed.id)
        .bind(claimed.lease.token)
        .execute(app.db.write())
        .await?;
    Ok(())
}

/// Whether a review of the same commit is under way that began before this one.
pub(super) async fn is_under_way(app: &App, claimed: &Claimed) -> Result<bool, sqlx::Error> {
    let earlier: Option<ReviewId> = sqlx::query_scalar(
        "SELECT o.id FROM reviews o JOIN reviews v ON v.id = $1
         WHERE o.repo_id = v.repo_id AND o.head_sha = v.head_sha AND o.state = 'pending'
            AND (o.created_at < v.created_at OR (o.created_at = v.created_at AND o.id < v.id))
         LIMIT 1",
    )
    .bind(claimed.id)
    .fetch_optional(app.db.read())
    .await?;
    Ok(earlier.is_some())
}

/// A completed review of the same commit, about the same diffs.
pub(super) async fn equivalent(
    app: &App,
    claimed: &Claimed,
    digest: &str,
) -> Result<Option<ReviewId>, sqlx::Error> {
    sqlx::query_scalar(
        "SELECT id FROM reviews
         WHERE repo_id = $1 AND head_sha = $2 AND id <> $3 AND state = 'completed' AND digest = $4 AND same_as IS NULL
         ORDER BY created_at, id LIMIT 1",
    )
    .bind(claimed.repo_id)
    .bind(&claimed.head_sha)
    .bind(claimed.id)
    .bind(digest)
    .fetch_optional(app.db.read())
    .await
}

/// A later review of the same merge request, of another commit.
pub(super) async fn overtaken_by(
    app: &App,
    claimed: &Claimed,
) -> Result<Option<ReviewId>, sqlx::Error> {
    sqlx::query_scalar(
        "SELECT o.id FROM reviews o JOIN reviews v ON v.id = $1
         WHERE o.repo_id = v.repo_id AND o.number = v.number AND o.head_sha <> v.head_sha
            AND (o.created_at > v.created_at OR (o.created_at = v.created_at AND o.id > v.id))
         ORDER BY o.created_at DESC, o.id DESC LIMIT 1",
    )
    .bind(claimed.id)
    .fetch_optional(app.db.read())
    .await
}

/// Fit for a record: PostgreSQL takes no NUL, and nobody reads a page.
pub(super) fn readable(reason: &str) -> String {
    let kept = reason
        .chars()
        .map(|c| if c.is_control() && c != '\n' { ' ' } else { c });
    kept.take(LONGEST_REASON).collect()
}
