use super::{
    keep::keep,
    store::{self, TABLES},
};
use crate::app::App;
use push_notify_core::id::RepoId;
use std::{collections::HashMap, time::Duration};
use tokio::time::{Instant, sleep};

/// Rows that are read at once.
const READ: usize = 1000;
/// The others have the database for this many times as long as we had it.
const YIELD: u32 = 4;
const LEAST_PAUSE: Duration = Duration::from_millis(5);

/// Counts all that is stored, row by row, and puts right what was written down. What is stored or
/// removed meanwhile is counted as always.
pub async fn recount(app: &App) -> Result<(), sqlx::Error> {
    keep(app).await?;
    let mut written: HashMap<RepoId, i64> = HashMap::new();
    for row in store::all(app.db.read()).await? {
        written.insert(row.repo_id, row.bytes);
    }
    let mut counted = HashMap::new();
    for table in &TABLES {
        // What comes meanwhile is counted by who stores it.
        let last = store::last(app.db.read(), table).await?;
        let mut mark = 0;
        loop {
            let started = Instant::now();
            let read = store::count(app.db.read(), table, (mark, last), READ, &mut counted);
            let Some(end) = read.await? else { break };
            mark = end;
            sleep((started.elapsed() * YIELD).max(LEAST_PAUSE)).await;
        }
    }
    for (repo_id, bytes) in written {
        *counted.entry(repo_id).or_default() -= bytes;
    }
    let wrong: Vec<(RepoId, i64)> = counted.into_iter().filter(|(_, off)| *off != 0).collect();
    if wrong.is_empty() {
        return Ok(());
    }
    let mut transaction = app.db.begin().await?;
    store::add(&mut transaction, &wrong).await?;
    transaction.commit().await?;
    keep(app).await
}
