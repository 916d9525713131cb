//! The SQL that claims pushes together.

use crate::{
    app::App,
    pipeline::queue::{
        claim::{Claimed, Due, commit, hold, lease, take_probe},
        claimable,
        lease::uncertain::UncertainLeases,
    },
    push::state::{PENDING, pending},
    target::health::Health,
};
use push_notify_core::{
    clock::Micros,
    id::{PushId, SqlId, TargetId},
};
use push_notify_db::{Dialect, list::among};
use sqlx::{AnyConnection, AssertSqlSafe, Row as _};
use std::collections::HashSet;

/// One that was tried alone stays alone, as its message has an id of its own; a test message does
/// too, and one that some recipients have.
const MERGEABLE: &str = concat!(
    "q.",
    pending!(),
    " AND q.attempts = 0 AND q.carried_by IS NULL AND q.most_attempts IS NULL
    AND q.only_to IS NULL AND q.run_at <= $2"
);
/// Without what goes to a card.
const OF_NO_SUBJECT: &str = " AND EXISTS (SELECT 1 FROM pushes n JOIN events e ON e.id = n.event_id
    WHERE n.id = q.id AND e.subject IS NULL)";
const OF_TARGET: &str = "q.target_id = $1";

/// Pushes that are looked at for digests that are due again. What is behind them comes after them.
const LOOKED_AT: usize = 1000;

/// A digest that is to be tried again.
pub(super) struct Again {
    /// Its number in `carried_by`.
    pub key: PushId,
    pub target_id: TargetId,
}

/// Whether at least `enough` pushes that could be merged are due, and were at `since`.
pub(super) async fn are_waiting(
    app: &App,
    target_id: TargetId,
    since: Micros,
    enough: i64,
    keeps_cards: bool,
) -> Result<bool, sqlx::Error> {
    let sql = format!(
        "SELECT COUNT(*) FROM (
            SELECT 1 FROM push_queue q WHERE {OF_TARGET} AND {MERGEABLE}{} LIMIT $3
         ) waiting",
        of_no_card(keeps_cards)
    );
    let count: i64 = sqlx::query_scalar(AssertSqlSafe(sql))
        .bind(target_id)
        .bind(since.min(app.clock.now_us()))
        .bind(enough)
        .fetch_one(app.db.read())
        .await?;
    Ok(count >= enough)
}

/// Claims at most `most` of a target's pushes as a new digest, the longest due first.
pub(super) async fn merge(
    app: &App,
    target_id: TargetId,
    most: i64,
    keeps_cards: bool,
    uncertain: &UncertainLeases,
) -> Result<Vec<Claimed>, sqlx::Error> {
    let mergeable = format!("{MERGEABLE}{}", of_no_card(keeps_cards));
    let rest = format!("ORDER BY q.run_at, q.id LIMIT {most}");
    let sql = claimable(app.db.dialect(), OF_TARGET, &mergeable, &rest);
    let mut transaction = app.db.begin().await?;
    let due = due(app, &mut transaction, sql, target_id).await?;
    let Some(first) = due.first() else {
        return Ok(Vec::new());
    };
    let lease = lease(app, app.clock.now_us());
    let claimed = hold(&mut transaction, &due, lease, Some(first.id)).await?;
    commit(transaction, lease, uncertain).await?;
    Ok(claimed)
}

fn of_no_card(keeps_cards: bool) -> &'static str {
    match keeps_cards {
        true => OF_NO_SUBJECT,
        false => "",
    }
}

/// Of the digests that are due again, those that have been longest; none of `closed` targets.
pub(super) async fn due_again(
    app: &App,
    closed: &HashSet<TargetId>,
) -> Result<Vec<Again>, sqlx::Error> {
    let others = match closed.is_empty() {
        true => String::new(),
        false => format!(" AND NOT {}", among("target_id", closed.iter().copied())),
    };
    let sql = format!(
        "SELECT carried_by, target_id FROM push_queue
         WHERE {PENDING} AND carried_by IS NOT NULL AND run_at <= $1{others} ORDER BY run_at LIMIT {LOOKED_AT}"
    );
    let rows = sqlx::query(AssertSqlSafe(sql))
        .persistent(closed.is_empty())
        .bind(app.clock.now_us())
        .fetch_all(app.db.read())
        .await?;
    let mut seen = HashSet::new();
    let again = rows.iter().map(|row| Again {
        key: row.get("carried_by"),
        target_id: row.get("target_id"),
    });
    Ok(again.filter(|again| seen.insert(again.key)).collect())
}

/// Claims all of a digest. Whoever comes second waits for the first one's locks, and then finds
/// nothing due: two workers must not share out what belongs together. A `probe` is taken with it;
/// what is known of the target then comes back.
pub(super) async fn again(
    app: &App,
    digest: &Again,
    probe: Option<Health>,
    uncertain: &UncertainLeases,
) -> Result<(Vec<Claimed>, Option<Health>), sqlx::Error> {
    let lock = match app.db.dialect() {
        Dialect::Sqlite => "",
        Dialect::Postgres => " FOR UPDATE",
    };
    let sql = format!(
        "SELECT id, target_id, run_at, attempts, lease FROM pushes
         WHERE carried_by = $1 AND {PENDING} AND run_at <= $2 ORDER BY id{lock}"
    );
    let mut transaction = app.db.begin().await?;
    let due = due(app, &mut transaction, sql, digest.key).await?;
    if due.is_empty() {
        return Ok((Vec::new(), None));
    }
    let now = app.clock.now_us();
    let lease = lease(app, now);
    let mut probe = probe;
    if let Some(health) = &mut probe {
        health.probe(lease.until, now);
        if !take_probe(&mut transaction, digest.target_id, health, now).await? {
            return Ok((Vec::new(), None));
        }
    }
    let claimed = hold(&mut transaction, &due, lease, Some(digest.key)).await?;
    commit(transaction, lease, uncertain).await?;
    Ok((claimed, probe))
}

/// `of` is the statement's first value, the present time its second.
async fn due(
    app: &App,
    connection: &mut AnyConnection,
    sql: String,
    of: impl SqlId,
) -> Result<Vec<Due>, sqlx::Error> {
    let rows = sqlx::query(AssertSqlSafe(sql))
        .bind(of)
        .bind(app.clock.now_us())
        .fetch_all(connection)
        .await?;
    Ok(rows.iter().map(Due::from_row).collect())
}
