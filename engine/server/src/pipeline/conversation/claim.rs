//! THE SQL THAT HOLDS A CARD. It is held by a push: for as long as that push has the lease that is
//! written in the card. So there is nothing to give back, and what takes over a push frees its
//! card.

use crate::{
    app::App,
    pipeline::{
        commit::CardKey,
        message::{Job, Lease},
        queue::{
            claim::{Claimed, Due, commit, hold},
            lease::uncertain::UncertainLeases,
        },
    },
    push::state::pending,
};
use push_notify_core::{
    clock::Micros,
    id::{PushId, RepoId},
};
use push_notify_db::Dialect;
use sqlx::{AnyConnection, AssertSqlSafe, Row as _, any::AnyRow};

/// Pushes that one message takes along.
const MOST: usize = 200;
/// How soon it is asked again for a card that somebody holds.
const AGAIN_AFTER_US: i64 = 200_000;

/// Pushes `p` of a card besides the push `$4`, of the newest events of its subject: what is behind
/// those is shown already.
const OF_CARD: &str =
    "(SELECT id FROM events WHERE repo_id = $2 AND subject = $3 ORDER BY id DESC LIMIT 500) e
     JOIN pushes p ON p.event_id = e.id WHERE p.target_id = $1 AND p.id <> $4";

/// They wait, though not for a review: those tell of it when it is there.
const WAITS: &str = concat!(
    "p.",
    pending!(),
    " AND p.carried_by IS NULL AND p.only_to IS NULL AND p.most_attempts IS NULL AND p.form_id IS NULL"
);

/// A card as it is held.
#[derive(Debug, Clone, Default)]
pub(super) struct Card {
    /// By what the channel finds the message again. None: there is none yet, or it cannot be found.
    pub handle: Option<String>,
    /// Whose message it is.
    pub push_id: Option<PushId>,
    /// The push whose event it shows, and when that event came.
    pub shown_by: Option<PushId>,
    pub shown_at: Option<Micros>,
    /// What its subject is now.
    pub state: Option<String>,
}

/// What came of it.
pub(super) enum Claim {
    /// Another push holds it, or goes before. Again then.
    Busy(Micros),
    Held {
        card: Card,
        /// One message may stand for several pushes.
        conflates: bool,
        /// What waited for the same card, and goes with its message.
        others: Vec<Claimed>,
    },
}

/// Holds a card for the push of `job`. With `updates` it takes along what waits for the card;
/// without, what came before must go before.
pub(super) async fn claim(
    app: &App,
    key: &CardKey,
    job: &Job,
    updates: bool,
    uncertain: &UncertainLeases,
) -> Result<Claim, sqlx::Error> {
    let now = app.clock.now_us();
    let again = now + AGAIN_AFTER_US;
    let mut transaction = app.db.begin().await?;
    lock(&mut transaction, key, now).await?;
    let Some(mut card) = take(&mut transaction, key, job.push_id, job.lease, now).await? else {
        return Ok(Claim::Busy(again));
    };
    // What was sent and cannot be found again is never changed: each push is a message there.
    let conflates = updates && (card.handle.is_some() || card.push_id.is_none());
    let mut others = Vec::new();
    if conflates {
        let due = waiting(app, &mut transaction, key, job.push_id, now).await?;
        if !due.is_empty() {
            others = hold(&mut transaction, &due, job.lease, None).await?;
        }
    } else if let Some(before) = before(&mut transaction, key, job.push_id, now).await? {
        // Dropped, the transaction has held nothing.
        return Ok(Claim::Busy(before.max(again)));
    }
    card.state = state(&mut transaction, key.repo_id, &key.subject).await?;
    commit(transaction, job.lease, uncertain).await?;
    Ok(Claim::Held {
        card,
        conflates,
        others,
    })
}

/// Until the transaction ends nobody else looks at the card. A statement of its own: what follows
/// sees what the one before it in line has written.
async fn lock(
    connection: &mut AnyConnection,
    key: &CardKey,
    now: Micros,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO cards (target_id, repo_id, subject, created_at, updated_at) VALUES ($1, $2, $3, $4, $4)
         ON CONFLICT (target_id, repo_id, subject) DO UPDATE SET updated_at = cards.updated_at",
    )
    .bind(key.target_id)
    .bind(key.repo_id)
    .bind(key.subject.as_str())
    .bind(now)
    .execute(connection)
    .await?;
    Ok(())
}

async fn take(
    connection: &mut AnyConnection,
    key: &CardKey,
    push_id: PushId,
    lease: Lease,
    now: Micros,
) -> Result<Option<Card>, sqlx::Error> {
    let row = sqlx::query(
        "UPDATE cards SET holder = $4, lease = $5
         WHERE target_id = $1 AND repo_id = $2 AND subject = $3 AND (holder IS NULL OR holder = $4 OR NOT EXISTS (
             SELECT 1 FROM pushes p WHERE p.id = cards.holder AND p.lease = cards.lease AND p.run_at > $6))
         RETURNING handle, push_id, shown_by, shown_at",
    )
    .bind(key.target_id)
    .bind(key.repo_id)
    .bind(key.subject.as_str())
    .bind(push_id)
    .bind(lease.token)
    .bind(now)
    .fetch_optional(connection)
    .await?;
    let card = |row: AnyRow| {
        Ok(Card {
            handle: row.try_get("handle")?,
            push_id: row.try_get("push_id")?,
            shown_by: row.try_get("shown_by")?,
            shown_at: row.try_get("shown_at")?,
            state: None,
        })
    };
    row.map(card).transpose()
}

/// What is due, or is put off for its target's sake.
async fn waiting(
    app: &App,
    connection: &mut AnyConnection,
    key: &CardKey,
    push_id: PushId,
    now: Micros,
) -> Result<Vec<Due>, sqlx::Error> {
    let lock = match app.db.dialect() {
        Dialect::Sqlite => "",
        Dialect::Postgres => " FOR UPDATE OF p SKIP LOCKED",
    };
    let sql = format!(
        "SELECT p.id, p.target_id, p.run_at, p.attempts, p.lease FROM {OF_CARD} AND {WAITS}
            AND (p.run_at <= $5 OR p.lease IS NULL AND (p.attempts > 0 OR p.waits_for IS NOT NULL))
         ORDER BY p.id LIMIT {MOST}{lock}"
    );
    let rows = sqlx::query(AssertSqlSafe(sql))
        .bind(key.target_id)
        .bind(key.repo_id)
        .bind(key.subject.as_str())
        .bind(push_id)
        .bind(now)
        .fetch_all(connection)
        .await?;
    Ok(rows.iter().map(Due::from_row).collect())
}

/// When the first one that came before this push is tried next.
async fn before(
    connection: &mut AnyConnection,
    key: &CardKey,
    push_id: PushId,
    now: Micros,
) -> Result<Option<Micros>, sqlx::Error> {
    let sql = format!(
        "SELECT MIN(CASE WHEN p.lease IS NULL THEN p.run_at ELSE $5 END) FROM {OF_CARD} AND {WAITS}
            AND (p.run_at <= $5 OR p.lease IS NOT NULL OR p.attempts > 0 OR p.waits_for IS NOT NULL)
            AND EXISTS (SELECT 1 FROM pushes o WHERE o.id = $4 AND (p.created_at < o.created_at
                OR p.created_at = o.created_at AND p.id < o.id))"
    );
    sqlx::query_scalar(AssertSqlSafe(sql))
        .bind(key.target_id)
        .bind(key.repo_id)
        .bind(key.subject.as_str())
        .bind(push_id)
        .bind(now)
        .fetch_one(connection)
        .await
}

async fn state(
    connection: &mut AnyConnection,
    repo_id: RepoId,
    subject: &str,
) -> Result<Option<String>, sqlx::Error> {
    let state: Option<Option<String>> =
        sqlx::query_scalar("SELECT state FROM subjects WHERE repo_id = $1 AND key = $2")
            .bind(repo_id)
            .bind(subject)
            .fetch_optional(connection)
            .await?;
    Ok(state.flatten())
}
