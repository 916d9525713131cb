//! THE SQL THAT CLAIMS WORK. The queue is the table `pushes`: a push is due when it is pending and its `run_at` has passed.
//! Claiming writes a lease and moves `run_at` to the lease's end; so what a dead worker held comes due by itself.

use super::message::{Lease, Recipients};
use crate::{
    app::App,
    db::{Dialect, NODES},
};
use sqlx::{AnyConnection, AssertSqlSafe, Row as _};

/// A push that is now ours.
pub(super) struct Claimed {
    pub push_id: i64,
    pub event_id: i64,
    pub target_id: i64,
    pub scene: String,
    pub attempt: i64,
    pub lease: Lease,
    pub due_at: i64,
    pub template_id: Option<i64>,
    pub title: Option<String>,
    pub body: Option<String>,
    pub recipients: Option<Recipients>,
    pub most_attempts: Option<i64>,
    /// Its last worker died with it.
    pub interrupted: bool,
}

struct Due {
    id: i64,
    run_at: i64,
    attempts: i64,
    interrupted: bool,
}

/// Claims at most `most` due pushes, the longest due first, none of `closed` targets.
pub(super) async fn claim(
    app: &App,
    most: usize,
    closed: &[i64],
) -> Result<Vec<Claimed>, sqlx::Error> {
    let now = app.clock.now_us();
    let due_sql = due_sql(closed);
    // An idle server only reads.
    let looked = AssertSqlSafe(format!("{due_sql} LIMIT 1"));
    let any = sqlx::query(looked)
        .bind(now)
        .fetch_optional(app.db.read())
        .await?;
    if any.is_none() {
        return Ok(vec![]);
    }
    let mut transaction = app.db.begin().await?;
    let skip_locked = match app.db.dialect() {
        Dialect::Sqlite => "",
        Dialect::Postgres => " FOR UPDATE SKIP LOCKED",
    };
    let due: Vec<Due> = sqlx::query(AssertSqlSafe(format!(
        "{due_sql} LIMIT {most}{skip_locked}"
    )))
    .bind(now)
    .fetch_all(&mut *transaction)
    .await?
    .iter()
    .map(|row| Due {
        id: row.get("id"),
        run_at: row.get("run_at"),
        attempts: row.get("attempts"),
        interrupted: row.get::<Option<i64>, _>("lease").is_some(),
    })
    .collect();
    if due.is_empty() {
        return Ok(vec![]);
    }
    for due in due.iter().filter(|due| due.interrupted) {
        record_interruption(&mut transaction, due).await?;
    }
    let lease = Lease::new(
        app.db.node(),
        now + app.config.delivery.lease_seconds as i64 * 1_000_000,
    );
    let sql = format!(
        "UPDATE pushes SET lease = $1, run_at = $2, attempts = attempts + 1 WHERE id IN ({})
         RETURNING id, event_id, target_id, scene, attempts, template_id, title, body, only_to, most_attempts",
        list(due.iter().map(|due| due.id))
    );
    // Its text is another each time: prepared for good, it would push the committer's out.
    let rows = sqlx::query(AssertSqlSafe(sql))
        .persistent(false)
        .bind(lease.token)
        .bind(lease.until)
        .fetch_all(&mut *transaction)
        .await?;
    transaction.commit().await?;
    let mut claimed: Vec<Claimed> = rows
        .iter()
        .map(|row| {
            let push_id = row.get("id");
            let before = due.iter().find(|due| due.id == push_id);
            Claimed {
                push_id,
                event_id: row.get("event_id"),
                target_id: row.get("target_id"),
                scene: row.get("scene"),
                attempt: row.get("attempts"),
                lease,
                due_at: before.map_or(now, |before| before.run_at),
                interrupted: before.is_some_and(|before| before.interrupted),
                template_id: row.get("template_id"),
                title: row.get("title"),
                body: row.get("body"),
                recipients: row
                    .get::<Option<String>, _>("only_to")
                    .and_then(|to| serde_json::from_str(&to).ok()),
                most_attempts: row.get("most_attempts"),
            }
        })
        .collect();
    claimed.sort_by_key(|claimed| (claimed.due_at, claimed.push_id));
    Ok(claimed)
}

fn due_sql(closed: &[i64]) -> String {
    let others = match closed {
        [] => String::new(),
        closed => format!(" AND target_id NOT IN ({})", list(closed.iter().copied())),
    };
    format!(
        "SELECT id, run_at, attempts, lease FROM pushes
         WHERE state = 'pending' AND run_at <= $1{others} ORDER BY run_at"
    )
}

/// Numbers of our own, so safe as text.
pub(super) fn list(ids: impl Iterator<Item = i64>) -> String {
    ids.map(|id| id.to_string()).collect::<Vec<_>>().join(", ")
}

/// The attempt whose worker died: it may have been sent, nobody knows.
async fn record_interruption(connection: &mut AnyConnection, due: &Due) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO push_attempts (push_id, attempt, outcome, detail, started_at, duration_us)
         VALUES ($1, $2, 'interrupted', 'the server stopped during this attempt', $3, 0)
         ON CONFLICT (push_id, attempt) DO NOTHING",
    )
    .bind(due.id)
    .bind(due.attempts)
    .bind(due.run_at)
    .execute(connection)
    .await?;
    Ok(())
}

/// At start: what servers held that no longer live is due at once, not only when their leases end. Returns how many pushes and
/// reviews.
pub async fn recover(app: &App) -> Result<u64, sqlx::Error> {
    let pushes = recover_in(app, "pushes", "state = 'pending'").await?;
    let reviews = recover_in(app, "reviews", "step IS NOT NULL").await?;
    Ok(pushes + reviews)
}

/// `waiting` is the condition on rows of `table` that have something to be done.
async fn recover_in(app: &App, table: &str, waiting: &str) -> Result<u64, sqlx::Error> {
    let now = app.clock.now_us();
    let held = format!("{waiting} AND lease IS NOT NULL AND run_at > $1");
    let nodes = format!("SELECT DISTINCT lease % $2 FROM {table} WHERE {held}");
    let nodes: Vec<i64> = sqlx::query_scalar(AssertSqlSafe(nodes))
        .bind(now)
        .bind(NODES)
        .fetch_all(app.db.read())
        .await?;
    let mut recovered = 0;
    for node in nodes {
        if app.db.is_dead(node).await? {
            let sql =
                format!("UPDATE {table} SET run_at = created_at WHERE {held} AND lease % $2 = $3");
            recovered += sqlx::query(AssertSqlSafe(sql))
                .bind(now)
                .bind(NODES)
                .bind(node)
                .execute(app.db.write())
                .await?
                .rows_affected();
        }
    }
    Ok(recovered)
}
