//! SQL on dead letters, for the API. `pipeline/replay/dead_letters.rs` sends them again.

use super::{
    Entry, Selection, Summary,
    types::{OfReason, OfState, OfTarget},
};
use crate::owner::{Sight, store::PUSHES_AMONG_OTHERS};
use push_notify_core::clock::rfc3339;
use push_notify_db::{
    list::{Filter, Listing},
    page::{Page, Total},
};
use sqlx::{AnyPool, AssertSqlSafe, Row as _, any::AnyRow};

const LISTING: Listing = Listing {
    table: "pushes p",
    key: "p.id",
    columns: "p.id, p.event_id, p.repo_id, r.name AS repo_name, p.target_id, t.name AS target_name,
        t.type AS target_type, p.commit_id, p.commit_msg, p.state, p.reason, p.attempts, p.retry_of, p.created_at",
    joins: "LEFT JOIN repos r ON r.id = p.repo_id LEFT JOIN targets t ON t.id = p.target_id",
};

/// What `sort` may say; the first is the usual one.
pub const SORTABLE: [(&str, &str); 2] = [("created_at", "p.created_at"), ("id", "p.id")];
/// Counting for a replay ends here.
const MOST_COUNTED: i64 = 1_000_000;
/// A summary is of so many.
const MOST_SUMMED: i64 = 100_000;
/// Lines of a summary's tables.
const MOST_LINES: i64 = 50;

/// One page, and how many there are in all.
pub async fn list(
    pool: &AnyPool,
    selection: &Selection,
    sight: Sight,
    page: &Page,
) -> Result<(Vec<Entry>, Total), sqlx::Error> {
    let filter = seen(selection, sight);
    filter.page(pool, &LISTING, page, entry).await
}

/// Those of the selection that somebody sees. Few pushes are dead: their index leads.
fn seen(selection: &Selection, sight: Sight) -> Filter {
    selection.filter().and(PUSHES_AMONG_OTHERS, sight.only())
}

/// How many a selection has, up to a million.
pub async fn count(pool: &AnyPool, selection: &Selection) -> Result<i64, sqlx::Error> {
    let filter = selection.filter();
    let sql = format!(
        "SELECT COUNT(*) FROM (SELECT 1 FROM pushes p{} LIMIT {MOST_COUNTED}) counted",
        filter.sql()
    );
    filter
        .bind(sqlx::query(AssertSqlSafe(sql)))
        .fetch_one(pool)
        .await?
        .try_get(0)
}

pub async fn summary(
    pool: &AnyPool,
    selection: &Selection,
    sight: Sight,
) -> Result<Summary, sqlx::Error> {
    let filter = seen(selection, sight);
    let by_state = table(pool, &filter, "d.state", |row| {
        Ok(OfState {
            state: row.try_get("part")?,
            count: row.try_get("entries")?,
        })
    });
    let by_target = table(pool, &filter, "d.target_id", |row| {
        Ok(OfTarget {
            target_id: row.try_get("part")?,
            target_name: None,
            target_type: None,
            count: row.try_get("entries")?,
        })
    });
    let by_reason = table(pool, &filter, "SUBSTR(d.reason, 1, 200)", |row| {
        Ok(OfReason {
            reason: row.try_get("part")?,
            count: row.try_get("entries")?,
            push_id: row.try_get("newest")?,
        })
    });
    let by_state = by_state.await?;
    let total = by_state.iter().map(|line| line.count).sum();
    let mut by_target = by_target.await?;
    for line in &mut by_target {
        let row = sqlx::query("SELECT name, type FROM targets WHERE id = $1")
            .bind(line.target_id)
            .fetch_optional(pool)
            .await?;
        if let Some(row) = row {
            line.target_name = row.try_get("name")?;
            line.target_type = row.try_get("type")?;
        }
    }
    Ok(Summary {
        total,
        capped: (total >= MOST_SUMMED).then_some(true),
        by_state,
        by_target,
        by_reason: by_reason.await?,
    })
}

/// The newest dead letters, counted by `part`; the largest count first.
async fn table<T>(
    pool: &AnyPool,
    filter: &Filter,
    part: &str,
    line: impl Fn(&AnyRow) -> Result<T, sqlx::Error>,
) -> Result<Vec<T>, sqlx::Error> {
    let sql = format!(
        "SELECT {part} AS part, COUNT(*) AS entries, MAX(d.id) AS newest FROM (
            SELECT p.id, p.state, p.target_id, p.reason FROM pushes p{} ORDER BY p.created_at DESC, p.id DESC LIMIT {MOST_SUMMED}
         ) d GROUP BY 1 ORDER BY 2 DESC, 3 DESC LIMIT {MOST_LINES}",
        filter.sql()
    );
    let query = filter.bind(sqlx::query(AssertSqlSafe(sql)));
    query.fetch_all(pool).await?.iter().map(line).collect()
}

fn entry(row: &AnyRow) -> Result<Entry, sqlx::Error> {
    Ok(Entry {
        id: row.try_get("id")?,
        event_id: row.try_get("event_id")?,
        repo_id: row.try_get("repo_id")?,
        repo_name: row.try_get("repo_name")?,
        target_id: row.try_get("target_id")?,
        target_name: row.try_get("target_name")?,
        target_type: row.try_get("target_type")?,
        commit_id: row.try_get("commit_id")?,
        commit_msg: row.try_get("commit_msg")?,
        state: row.try_get("state")?,
        reason: row.try_get("reason")?,
        attempts: row.try_get("attempts")?,
        retry_of: row.try_get("retry_of")?,
        created_at: rfc3339(row.try_get("created_at")?),
    })
}
