//! PostgreSQL plans a statement by what it knows of the tables, and keeps the plan. Of a new table
//! it knows nothing until autovacuum comes by, which takes a minute or is switched off; by then a
//! plan for ten rows has met a million. So tables that have grown are analysed here, which also
//! ends the plans that were made before.
//!
//! That no plan reads whole tables meanwhile is settled by how sessions are set up (`session.rs`);
//! this is about the choice between indexes.

use sqlx::{AnyPool, AssertSqlSafe};
use std::{sync::Arc, time::Duration};
use tokio::{sync::Notify, time::sleep};
use tokio_util::sync::CancellationToken;

/// At most this often while somebody writes.
const EVERY: Duration = Duration::from_secs(1);
/// Only the committer says when it has written. What was restored from a dump has no statistics
/// either.
const WITHOUT_A_WORD: Duration = Duration::from_secs(60);

/// A table of twice the pages is another one. Small ones are read at once anyway; and an empty one
/// that was never analysed is taken for larger than it is, which does no harm.
const GROWN: &str = "SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname)
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind = 'r' AND n.nspname = current_schema()
        AND pg_relation_size(c.oid) / current_setting('block_size')::bigint > 2 * c.relpages::bigint + 8
    ORDER BY c.oid";

/// Runs until `stop`. A start has other things to do first.
pub(super) async fn follow(pool: AnyPool, written: Arc<Notify>, stop: CancellationToken) {
    while stop.run_until_cancelled(sleep(EVERY)).await.is_some() {
        match stop.run_until_cancelled(refresh(&pool)).await {
            None => return,
            Some(Err(error)) => tracing::debug!(%error, "cannot look whether tables have grown"),
            Some(Ok(())) => {}
        }
        let word = tokio::time::timeout(WITHOUT_A_WORD, written.notified());
        if stop.run_until_cancelled(word).await.is_none() {
            return;
        }
    }
}

/// Analyses what has grown. One that another server is at is left to it.
async fn refresh(pool: &AnyPool) -> Result<(), sqlx::Error> {
    let grown: Vec<String> = sqlx::query_scalar(GROWN).fetch_all(pool).await?;
    for table in grown {
        let sql = format!("ANALYZE (SKIP_LOCKED) {table}");
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(pool).await?;
        tracing::debug!(table, "a table has grown, and was analysed");
    }
    Ok(())
}
