//! What sessions are set up with when they are opened.

use sqlx::AnyConnection;

pub(super) const SQLITE_PRAGMAS: &str = "
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA busy_timeout = 10000;
    PRAGMA foreign_keys = ON;
    PRAGMA temp_store = MEMORY;
    PRAGMA cache_size = -8192;
    -- Our own checkpointer does this; the number is for when it cannot.
    PRAGMA wal_autocheckpoint = 32768;
";

/// Our statements look rows up by a key or step through an index. A planner that does not know how
/// large a table is, or that knew it when it was small, takes a plan that reads all of it to be
/// cheaper, and may keep it: so none of those is left to choose. What is meant to read a table says
/// so (`list.rs`). And one that steps through an index looks costly, and compiling it takes longer
/// than running it.
pub(super) const POSTGRES_SETTINGS: &str = "
    SET enable_seqscan = off;
    SET enable_hashjoin = off;
    SET enable_mergejoin = off;
    SET jit = off;
";

/// Of the committer: its few statements each have one plan that is right whatever the values, and
/// need none for each batch.
pub(super) const COMMITTER_SETTINGS: &str = "SET plan_cache_mode = force_generic_plan";

pub(super) async fn prepare_sqlite(connection: &mut AnyConnection) -> Result<(), sqlx::Error> {
    sqlx::raw_sql(SQLITE_PRAGMAS).execute(connection).await?;
    Ok(())
}
