//! Several servers write times that others compare with their own: when a push is due, when a lease
//! ends. So on PostgreSQL all of them go by the database's clock; each measures how far its own is
//! off.

use crate::{Db, Dialect};
use push_notify_core::clock::{Clock, Micros};
use sqlx::AnyPool;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

const EVERY: Duration = Duration::from_secs(60);
/// The one with the shortest way counts.
const QUESTIONS: usize = 3;
/// Beyond this somebody should look after the machine's clock.
const WORTH_A_WORD_US: Micros = 2_000_000;

/// Sets `clock` by the database's.
pub(super) async fn correct(pool: &AnyPool, clock: &Clock) -> Result<(), sqlx::Error> {
    let mut best: Option<(Micros, Micros)> = None;
    for _ in 0..QUESTIONS {
        let mut connection = pool.acquire().await?;
        let asked = clock.machine_us();
        let theirs: Micros =
            sqlx::query_scalar("SELECT (EXTRACT(EPOCH FROM clock_timestamp()) * 1000000)::bigint")
                .fetch_one(&mut *connection)
                .await?;
        let answered = clock.machine_us();
        let way = answered - asked;
        if best.is_none_or(|(shortest, _)| way < shortest) {
            best = Some((way, theirs - (asked + way / 2)));
        }
    }
    let Some((_, behind_us)) = best else {
        return Ok(());
    };
    let before = clock.correct(behind_us);
    if behind_us.abs() > WORTH_A_WORD_US && (behind_us - before).abs() > WORTH_A_WORD_US {
        tracing::warn!(
            behind_ms = behind_us / 1000,
            "this machine's clock differs from the database's, which is the one that counts: set it (NTP)"
        );
    }
    Ok(())
}

/// Keeps `clock` right until `stop`.
pub async fn follow(db: Db, clock: Clock, stop: CancellationToken) {
    if db.dialect() == Dialect::Sqlite {
        return;
    }
    while tokio::time::timeout(EVERY, stop.cancelled()).await.is_err() {
        if let Err(error) = correct(db.read(), &clock).await {
            tracing::debug!(%error, "cannot ask the database for the time");
        }
    }
}
