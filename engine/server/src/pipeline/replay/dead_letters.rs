//! Sends dead letters again that somebody asked for: some at a time, each time in one transaction
//! with how far it has come, so that a replay goes on after a crash where it was, and on any node.
//! It makes no more while enough of what it made is still to be sent: deliveries that come
//! meanwhile must not stand behind hundreds of thousands of old ones.

use crate::{
    app::App,
    dead_letter::Selection,
    pipeline::{Pipeline, queue::poll::poll_interval},
    push::{
        MOST_RETRIES,
        state::PENDING,
        store::{INSERT_DEAD_AGAIN, SUPERSEDE_DEAD},
    },
};
use push_notify_core::{
    clock::Micros,
    id::{PushId, ReplayId},
};
use push_notify_db::{Dialect, list::among, rows::padded};
use sqlx::{AnyConnection, AssertSqlSafe, Row as _, any::AnyRow};
use std::{collections::BTreeSet, time::Duration};

/// Pushes of one transaction.
const BATCH: usize = 200;
/// Between transactions, for whoever else writes.
const BREATH: Duration = Duration::from_millis(20);
/// Pushes of a replay that are due or being sent: with more, it waits.
const MOST_DUE: i64 = 1_000;
/// Pushes of a replay that wait for whatever reason: their far side is down, and more would not
/// help it.
const MOST_WAITING: i64 = 10_000;
/// How long it waits then.
const RETRY_INTERVAL_US: Micros = 1_000_000;

/// What there is to do.
enum Work {
    /// There may be more.
    Done,
    Later,
    Nothing,
}

struct Running {
    id: ReplayId,
    run_at: Micros,
    selection: String,
    mark: Mark,
    created_at: Micros,
}

/// A place in the order in which dead letters are taken up: their time of creation and id.
type Mark = (Micros, PushId);

/// A dead letter that is to be sent again.
struct Dead {
    id: PushId,
    /// The first push, of which all the others are retries.
    original: PushId,
    created_at: Micros,
}

/// Runs until the pipeline stops.
pub(in crate::pipeline) async fn run(pipeline: Pipeline) {
    let app = &pipeline.app;
    loop {
        let pause = match step(app).await {
            Ok(Work::Done) => BREATH,
            Ok(Work::Later) => poll_interval(app, true),
            Ok(Work::Nothing) => poll_interval(app, false),
            Err(error) => {
                tracing::error!(%error, "cannot go on with a replay");
                poll_interval(app, true)
            }
        };
        let word = tokio::time::timeout(pause, app.replay_wake.notified());
        tokio::select! {
            () = pipeline.stop.cancelled() => return,
            _ = word => {}
        }
    }
}

/// A batch of the replay that has waited longest.
async fn step(app: &App) -> Result<Work, sqlx::Error> {
    let Some(running) = next(app).await? else {
        return Ok(Work::Nothing);
    };
    let now = app.clock.now_us();
    if running.run_at > now {
        return Ok(Work::Later);
    }
    if !has_room(app, running.id, now).await? {
        wait(app, running.id, now + RETRY_INTERVAL_US).await?;
        return Ok(Work::Done);
    }
    let dead = dead_letters(app, &running).await?;
    match dead.last() {
        Some(last) => {
            let mark = (last.created_at, last.id);
            batch(app, &running, &dead, mark).await?;
            app.wake.notify_one();
        }
        None => complete(app, &running, now).await?,
    }
    Ok(Work::Done)
}

async fn next(app: &App) -> Result<Option<Running>, sqlx::Error> {
    let row = sqlx::query(
        "SELECT id, run_at, selection, mark_at, mark_id, created_at FROM replays
         WHERE state = 'running' ORDER BY run_at LIMIT 1",
    )
    .fetch_optional(app.db.read())
    .await?;
    row.map(|row| {
        Ok(Running {
            id: row.try_get("id")?,
            run_at: row.try_get("run_at")?,
            selection: row.try_get("selection")?,
            mark: (row.try_get("mark_at")?, row.try_get("mark_id")?),
            created_at: row.try_get("created_at")?,
        })
    })
    .transpose()
}

/// Whether so much of what the replay made has been sent that it may go on.
async fn has_room(app: &App, id: ReplayId, now: Micros) -> Result<bool, sqlx::Error> {
    let row = sqlx::query(AssertSqlSafe(format!(
        "SELECT COUNT(*), COUNT(CASE WHEN run_at <= $2 OR lease IS NOT NULL THEN 1 END) FROM (
            SELECT run_at, lease FROM push_queue WHERE replay_id = $1 AND {PENDING} LIMIT $3
         ) waiting"
    )))
    .bind(id)
    .bind(now)
    .bind(MOST_WAITING)
    .fetch_one(app.db.read())
    .await?;
    let (waiting, due): (i64, i64) = (row.try_get(0)?, row.try_get(1)?);
    Ok(waiting < MOST_WAITING && due < MOST_DUE)
}

async fn wait(app: &App, id: ReplayId, until: Micros) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE replays SET run_at = $2 WHERE id = $1")
        .bind(id)
        .bind(until)
        .execute(app.db.write())
        .await?;
    Ok(())
}

/// The next ones behind the mark. None that is younger than the replay, and none that it made
/// itself: that would go round and round.
async fn dead_letters(app: &App, running: &Running) -> Result<Vec<Dead>, sqlx::Error> {
    let selection: Selection = serde_json::from_str(&running.selection)
        .map_err(|error| sqlx::Error::Decode(error.into()))?;
    let filter = selection
        .filter()
        .and("p.created_at < ?", Some(running.created_at))
        .and("COALESCE(p.replay_id, 0) <> ?", Some(running.id))
        .and("p.created_at >= ?", Some(running.mark.0));
    let (at, id) = running.mark;
    let sql = format!(
        "SELECT p.id, COALESCE(p.retry_of, p.id) AS original, p.created_at FROM pushes p{}
            AND (p.created_at > {at} OR p.id > {id})
         ORDER BY p.created_at, p.id LIMIT {BATCH}",
        filter.sql()
    );
    let rows = filter
        .bind(sqlx::query(AssertSqlSafe(sql)))
        .fetch_all(app.db.read())
        .await?;
    let dead = |row: &AnyRow| {
        Ok(Dead {
            id: row.try_get("id")?,
            original: row.try_get("original")?,
            created_at: row.try_get("created_at")?,
        })
    };
    rows.iter().map(dead).collect()
}

/// Its new pushes and how far it has come, or nothing of it.
async fn batch(app: &App, running: &Running, dead: &[Dead], mark: Mark) -> Result<(), sqlx::Error> {
    let ids = app.db.take_ids(dead.len()).await?;
    let now = app.clock.now_us();
    let mut transaction = app.db.begin().await?;
    // Another node may have been here, or somebody has cancelled it.
    let still_there = sqlx::query(
        "UPDATE replays SET mark_at = $1, mark_id = $2, run_at = $3
         WHERE id = $4 AND state = 'running' AND mark_at = $5 AND mark_id = $6",
    )
    .bind(mark.0)
    .bind(mark.1)
    .bind(now)
    .bind(running.id)
    .bind(running.mark.0)
    .bind(running.mark.1)
    .execute(&mut *transaction)
    .await?;
    if still_there.rows_affected() == 0 {
        return Ok(());
    }
    lock(app, &mut transaction, dead).await?;
    let made = send_again(app, &mut transaction, running, dead, &ids, now).await?;
    sqlx::query(
        "UPDATE replays SET replayed = replayed + $1, skipped = skipped + $2 WHERE id = $3",
    )
    .bind(made)
    .bind(dead.len() as i64 - made)
    .bind(running.id)
    .execute(&mut *transaction)
    .await?;
    transaction.commit().await
}

/// Who retries one of them by hand meanwhile waits. In one order, so that replays do not wait for
/// each other.
async fn lock(app: &App, connection: &mut AnyConnection, dead: &[Dead]) -> Result<(), sqlx::Error> {
    if app.db.dialect() == Dialect::Sqlite {
        return Ok(());
    }
    let ids: BTreeSet<PushId> = dead.iter().flat_map(|one| [one.id, one.original]).collect();
    let sql = format!(
        "SELECT id FROM pushes WHERE {} ORDER BY id FOR UPDATE",
        among("id", ids)
    );
    sqlx::query(AssertSqlSafe(sql))
        .persistent(false)
        .fetch_all(connection)
        .await?;
    Ok(())
}

/// How many were made.
async fn send_again(
    app: &App,
    connection: &mut AnyConnection,
    running: &Running,
    dead: &[Dead],
    ids: &[PushId],
    now: Micros,
) -> Result<i64, sqlx::Error> {
    let pairs: Vec<(PushId, PushId)> = ids
        .iter()
        .copied()
        .zip(dead.iter().map(|one| one.id))
        .collect();
    let (sql, size) = INSERT_DEAD_AGAIN.text(app.db.dialect(), pairs.len());
    let mut query = sqlx::query(sql);
    for pair in padded(&pairs, size) {
        query = query
            .bind(pair.map(|(id, _)| *id))
            .bind(pair.map(|(_, dead_id)| *dead_id))
            .bind(pair.map(|_| running.id))
            .bind(pair.map(|_| now))
            .bind(pair.map(|_| MOST_RETRIES));
    }
    let made = query.execute(&mut *connection).await?.rows_affected();
    let (sql, size) = SUPERSEDE_DEAD.text(app.db.dialect(), pairs.len());
    let mut query = sqlx::query(sql);
    for pair in padded(&pairs, size) {
        query = query
            .bind(pair.map(|(id, _)| *id))
            .bind(pair.map(|(_, dead_id)| *dead_id));
    }
    query.execute(connection).await?;
    Ok(made as i64)
}

async fn complete(app: &App, running: &Running, now: Micros) -> Result<(), sqlx::Error> {
    let done = sqlx::query(
        "UPDATE replays SET state = 'completed', ended_at = $2 WHERE id = $1 AND state = 'running'",
    )
    .bind(running.id)
    .bind(now)
    .execute(app.db.write())
    .await?;
    if done.rows_affected() == 1 {
        tracing::info!(
            replay.id = running.id.get(),
            "all dead letters of a replay are sent again"
        );
    }
    Ok(())
}
