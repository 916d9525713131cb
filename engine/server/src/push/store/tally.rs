//! Counts of pushes. Triggers keep them (`migrations/0003_tallies.sql`).

use crate::{
    calendar::Day,
    db::{
        Db,
        rows::{Bulk, MOST, padded},
    },
    push::{Stats, Status},
};
use sqlx::{AnyPool, AssertSqlSafe, Row as _, any::AnyRow};
use std::{collections::HashMap, ops::Range};

const SUMS: &str = "CAST(COALESCE(SUM(total), 0) AS BIGINT) AS total,
    CAST(COALESCE(SUM(success), 0) AS BIGINT) AS success, CAST(COALESCE(SUM(failed), 0) AS BIGINT) AS failed";

pub async fn stats_of_repo(pool: &AnyPool, id: i64) -> Result<Stats, sqlx::Error> {
    stats_of(pool, "repo", id).await
}

pub async fn stats_of_template(pool: &AnyPool, id: i64) -> Result<Stats, sqlx::Error> {
    stats_of(pool, "template", id).await
}

pub(super) async fn stats_of_target(pool: &AnyPool, id: i64) -> Result<Stats, sqlx::Error> {
    stats_of(pool, "target", id).await
}

async fn stats_of(pool: &AnyPool, part: &str, id: i64) -> Result<Stats, sqlx::Error> {
    let sql = format!("SELECT {SUMS} FROM push_tallies WHERE part = $1 AND id = $2");
    let row = sqlx::query(AssertSqlSafe(sql)).bind(part).bind(id);
    stats(&row.fetch_one(pool).await?)
}

/// By target. One without pushes is left out.
pub async fn stats_of_targets(
    pool: &AnyPool,
    ids: &[i64],
) -> Result<HashMap<i64, Stats>, sqlx::Error> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let list = ids
        .iter()
        .map(i64::to_string)
        .collect::<Vec<_>>()
        .join(", ");
    let sql = format!(
        "SELECT id, {SUMS} FROM push_tallies WHERE part = 'target' AND id IN ({list}) GROUP BY id"
    );
    let rows = sqlx::query(AssertSqlSafe(sql))
        .persistent(false)
        .fetch_all(pool)
        .await?;
    rows.iter()
        .map(|row| Ok((row.try_get("id")?, stats(row)?)))
        .collect()
}

/// Of all pushes. There are fewer repositories than quarters of an hour.
pub async fn stats_of_all(pool: &AnyPool) -> Result<Stats, sqlx::Error> {
    let sql = format!("SELECT {SUMS} FROM push_tallies WHERE part = 'repo'");
    stats(&sqlx::query(AssertSqlSafe(sql)).fetch_one(pool).await?)
}

/// Runs of quarters by their numbers; the join's order keeps SQLite from reading all quarters for each.
static BY_RUN: Bulk = Bulk::new(
    "run, first, behind",
    3,
    "SELECT v.run, CAST(SUM(t.total) AS BIGINT) AS total, CAST(SUM(t.success) AS BIGINT) AS success,
         CAST(SUM(t.failed) AS BIGINT) AS failed
     FROM v CROSS JOIN push_tallies t
     WHERE v.run IS NOT NULL AND t.part = 'quarter' AND t.id >= v.first AND t.id < v.behind GROUP BY v.run",
);

/// One for each day, in their order.
pub async fn by_day(db: &Db, days: &[Day]) -> Result<Vec<Stats>, sqlx::Error> {
    let runs: Vec<Range<i64>> = days.iter().map(|day| day.first..day.end).collect();
    by_run(db, &runs).await
}

async fn by_run(db: &Db, runs: &[Range<i64>]) -> Result<Vec<Stats>, sqlx::Error> {
    let mut all = vec![Stats::default(); runs.len()];
    for (runs, found) in runs.chunks(MOST).zip(all.chunks_mut(MOST)) {
        let (sql, size) = BY_RUN.text(db.dialect(), runs.len());
        let mut query = sqlx::query(sql);
        let numbered: Vec<(i64, &Range<i64>)> = (0..).zip(runs).collect();
        for row in padded(&numbered, size) {
            query = query
                .bind(row.map(|(number, _)| *number))
                .bind(row.map(|(_, run)| run.start))
                .bind(row.map(|(_, run)| run.end));
        }
        for row in query.fetch_all(db.read()).await? {
            let number = usize::try_from(row.try_get::<i64, _>("run")?).ok();
            if let Some(sums) = number.and_then(|number| found.get_mut(number)) {
                *sums = stats(&row)?;
            }
        }
    }
    Ok(all)
}

/// A point in the list of all pushes, or of those with a status, by time.
pub(super) struct Place {
    /// The quarter of an hour in which the entry is.
    pub quarter: i64,
    /// How many entries of that quarter come before it.
    pub before: u64,
}

const QUARTERS_OF_A_DAY: i64 = 96;

/// Where the entry after the first `offset` ones is: first its day, then its quarter. None: there are not so many.
pub(super) async fn place(
    db: &Db,
    status: Option<Status>,
    descending: bool,
    offset: u64,
) -> Result<Option<Place>, sqlx::Error> {
    let row = sqlx::query("SELECT MIN(id), MAX(id) FROM push_tallies WHERE part = 'quarter'")
        .fetch_one(db.read())
        .await?;
    let (Some(first), Some(last)) = (
        row.try_get::<Option<i64>, _>(0)?,
        row.try_get::<Option<i64>, _>(1)?,
    ) else {
        return Ok(None);
    };
    let mut place = Place {
        quarter: first,
        before: offset,
    };
    let mut behind = last + 1;
    for length in [QUARTERS_OF_A_DAY, 1] {
        let starts = (place.quarter..behind).step_by(length as usize);
        let mut runs: Vec<Range<i64>> = starts.map(|start| start..start + length).collect();
        if descending {
            runs.reverse();
        }
        let sums = by_run(db, &runs).await?;
        let mut found = None;
        for (run, stats) in runs.iter().zip(sums) {
            let entries = status.map_or(stats.total, |status| stats.of(status));
            let entries = u64::try_from(entries).unwrap_or_default();
            if entries > place.before {
                found = Some(run);
                break;
            }
            place.before -= entries;
        }
        let Some(run) = found else { return Ok(None) };
        (place.quarter, behind) = (run.start, run.end);
    }
    Ok(Some(place))
}

fn stats(row: &AnyRow) -> Result<Stats, sqlx::Error> {
    Ok(Stats {
        total: row.try_get("total")?,
        success: row.try_get("success")?,
        failed: row.try_get("failed")?,
    })
}
