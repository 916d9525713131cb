//! Whose work is to be taken over.

use super::session::living;
use crate::{Db, Dialect};
use sqlx::{AnyConnection, Row as _};
use std::{collections::HashMap, time::Duration};
use tokio::time::Instant;

/// A server whose number nobody holds for so long is dead. One that lives and has lost its session
/// gives its number up before ([`super::number::SURE`]).
pub(super) const GRACE: Duration = Duration::from_secs(10);

/// A server that has ended, and may have left something behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Departed {
    pub number: i64,
    /// Tells it from a later one with the same number.
    since: i64,
}

/// The servers whose numbers nobody holds, and since when that is seen.
#[derive(Default)]
pub struct Watch(HashMap<Departed, Instant>);

impl Watch {
    /// Looks; returns those that are dead by now.
    pub async fn look(&mut self, db: &Db) -> Result<Vec<Departed>, sqlx::Error> {
        let now = Instant::now();
        let free = free(&mut *db.read().acquire().await?).await?;
        self.0.retain(|departed, _| free.contains(departed));
        for departed in free {
            self.0.entry(departed).or_insert(now);
        }
        let dead = self
            .0
            .iter()
            .filter(|(_, since)| now.duration_since(**since) >= GRACE);
        Ok(dead.map(|(departed, _)| *departed).collect())
    }
}

impl Departed {
    /// To be called first in the transaction that takes its work over. False: somebody else has
    /// done that.
    pub async fn bury(self, db: &Db, transaction: &mut AnyConnection) -> Result<bool, sqlx::Error> {
        if db.dialect() == Dialect::Sqlite {
            return Ok(true);
        }
        let done = sqlx::query("DELETE FROM nodes WHERE number = $1 AND since = $2")
            .bind(self.number)
            .bind(self.since)
            .execute(transaction)
            .await?;
        Ok(done.rows_affected() == 1)
    }
}

/// The dead, as a server knows them that has just taken its own number and holds no lease yet.
/// Where it is alone there is nobody to wait for; unless the database was started just now, and
/// those that lost their sessions by that are on their way.
pub async fn dead_at_start(db: &Db, own: i64) -> Result<Vec<Departed>, sqlx::Error> {
    if db.dialect() == Dialect::Sqlite {
        return Ok(vec![Departed {
            number: own,
            since: 0,
        }]);
    }
    let mut connection = db.read().acquire().await?;
    let up_seconds: i64 = sqlx::query_scalar(
        "SELECT EXTRACT(EPOCH FROM clock_timestamp() - pg_postmaster_start_time())::bigint",
    )
    .fetch_one(&mut *connection)
    .await?;
    let others = living(&mut connection).await?;
    if others.iter().any(|number| *number != own) || up_seconds < GRACE.as_secs() as i64 {
        return Ok(vec![]);
    }
    free(&mut connection).await
}

/// Looked up in this order: a number is locked before it is enrolled.
async fn free(connection: &mut AnyConnection) -> Result<Vec<Departed>, sqlx::Error> {
    let rows = sqlx::query("SELECT number, since FROM nodes")
        .fetch_all(&mut *connection)
        .await?;
    let living = living(connection).await?;
    let enrolled = rows.iter().map(|row| Departed {
        number: row.get("number"),
        since: row.get("since"),
    });
    Ok(enrolled
        .filter(|departed| !living.contains(&departed.number))
        .collect())
}
