//! Counts of pushes. Triggers keep those of the rows that are there
//! (`migrations/*/0007_tallies.sql`); what retention removes it adds to parts of their own,
//! `past_repo` and so on, so that statistics do not forget.

use crate::{
    owner::{
        Sight,
        store::{PUSHES_FROM_OTHERS, TALLIES, own_ids},
    },
    push::{
        Stats, Status,
        state::{dead, delivered},
    },
};
use push_notify_core::{
    calendar::{self, Day, QUARTER_US},
    id::{RepoId, SqlId, TargetId, TemplateId, UserId},
};
use push_notify_db::{
    Db, Dialect,
    list::{Filter, among},
    rows::{Bulk, MOST, padded},
};
use sqlx::{AnyConnection, AnyPool, AssertSqlSafe, Row as _, any::AnyRow};
use std::{collections::HashMap, ops::Range};

const SUMS: &str = "CAST(COALESCE(SUM(total), 0) AS BIGINT) AS total,
    CAST(COALESCE(SUM(success), 0) AS BIGINT) AS success, CAST(COALESCE(SUM(failed), 0) AS BIGINT) AS failed";

/// Of rows of `pushes p`.
const COUNTS: &str = concat!(
    "COUNT(*) AS total, COUNT(CASE WHEN p.",
    delivered!(),
    " THEN 1 END) AS success,
    COUNT(CASE WHEN p.",
    dead!(),
    " THEN 1 END) AS failed"
);

/// The pushes that a number is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Span {
    /// Those that are there.
    Kept,
    /// Those that retention has removed as well.
    Ever,
}

impl Span {
    fn past(self) -> &'static str {
        match self {
            Self::Kept => "",
            Self::Ever => "past_",
        }
    }
}

pub async fn stats_of_repo(pool: &AnyPool, id: RepoId) -> Result<Stats, sqlx::Error> {
    stats_of(pool, "repo", id, Span::Ever).await
}

pub async fn stats_of_template(pool: &AnyPool, id: TemplateId) -> Result<Stats, sqlx::Error> {
    stats_of(pool, "template", id, Span::Ever).await
}

pub(super) async fn stats_of(
    pool: &AnyPool,
    part: &str,
    id: impl SqlId,
    span: Span,
) -> Result<Stats, sqlx::Error> {
    let sql = format!("SELECT {SUMS} FROM push_tallies WHERE part IN ($1, $2) AND id = $3");
    let row = sqlx::query(AssertSqlSafe(sql))
        .bind(part)
        .bind(format!("{}{part}", span.past()))
        .bind(id);
    stats(&row.fetch_one(pool).await?)
}

/// By target. One without pushes is left out.
pub async fn stats_of_targets(
    pool: &AnyPool,
    ids: &[TargetId],
) -> Result<HashMap<TargetId, Stats>, sqlx::Error> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let sql = format!(
        "SELECT id, {SUMS} FROM push_tallies WHERE part IN ('target', 'past_target') AND {} GROUP BY id",
        among("id", ids.iter().copied())
    );
    let rows = sqlx::query(AssertSqlSafe(sql))
        .persistent(false)
        .fetch_all(pool)
        .await?;
    rows.iter()
        .map(|row| Ok((row.try_get("id")?, stats(row)?)))
        .collect()
}

/// Of all pushes.
pub async fn stats_of_all(pool: &AnyPool) -> Result<Stats, sqlx::Error> {
    stats_of_any(pool, Span::Ever).await
}

/// There are fewer repositories than quarters of an hour.
pub(super) async fn stats_of_any(pool: &AnyPool, span: Span) -> Result<Stats, sqlx::Error> {
    let sql = format!("SELECT {SUMS} FROM push_tallies WHERE part IN ('repo', $1)");
    let row = sqlx::query(AssertSqlSafe(sql)).bind(format!("{}repo", span.past()));
    stats(&row.fetch_one(pool).await?)
}

/// Runs of quarters by their numbers; the join's order keeps SQLite from reading all quarters for
/// each.
static BY_RUN: Bulk = Bulk::new(
    "run, first, behind, past",
    4,
    "SELECT v.run, CAST(SUM(t.total) AS BIGINT) AS total, CAST(SUM(t.success) AS BIGINT) AS success,
         CAST(SUM(t.failed) AS BIGINT) AS failed
     FROM v CROSS JOIN push_tallies t
     WHERE v.run IS NOT NULL AND t.part IN ('quarter', v.past) AND t.id >= v.first AND t.id < v.behind GROUP BY v.run",
);

/// Of the repositories of a user and their teams.
pub(super) async fn stats_of_own_repos(
    pool: &AnyPool,
    user_id: UserId,
    span: Span,
) -> Result<Stats, sqlx::Error> {
    let filter = Filter::default()
        .and("part IN ('repo', ?)", Some(format!("{}repo", span.past())))
        .and(TALLIES, Some(user_id));
    let sql = format!("SELECT {SUMS} FROM push_tallies{}", filter.sql());
    let row = filter.bind(sqlx::query(AssertSqlSafe(sql)));
    stats(&row.fetch_one(pool).await?)
}

/// Of all pushes that a user sees who sees their own only; what others' repositories sent to their
/// targets as far as it is kept.
pub async fn stats_seen(pool: &AnyPool, user_id: UserId) -> Result<Stats, sqlx::Error> {
    let of_repos = stats_of_own_repos(pool, user_id, Span::Ever).await?;
    let filter = Filter::default().and(PUSHES_FROM_OTHERS, Some(user_id));
    let sql = format!("SELECT {COUNTS} FROM pushes p{}", filter.sql());
    let row = filter.bind(sqlx::query(AssertSqlSafe(sql)));
    Ok(of_repos + stats(&row.fetch_one(pool).await?)?)
}

/// One for each day, in their order. There are no tallies of what somebody sees by day: of whoever
/// sees their own only, what is kept is counted.
pub async fn by_day(db: &Db, days: &[Day], sight: Sight) -> Result<Vec<Stats>, sqlx::Error> {
    if let Some(user_id) = sight.only() {
        return by_day_seen(db, days, user_id).await;
    }
    let runs: Vec<Range<i64>> = days.iter().map(|day| day.first..day.end).collect();
    by_run(db, &runs, Span::Ever).await
}

async fn by_day_seen(db: &Db, days: &[Day], user_id: UserId) -> Result<Vec<Stats>, sqlx::Error> {
    let mut all = vec![Stats::default(); days.len()];
    let (Some(first), Some(last)) = (days.first(), days.last()) else {
        return Ok(all);
    };
    let (repos, targets) = own_ids(db.read(), user_id).await?;
    let filter = Filter::default()
        .and("p.created_at >= ?", Some(first.first * QUARTER_US))
        .and("p.created_at < ?", Some(last.end * QUARTER_US))
        .among_either(("p.repo_id", &repos), ("p.target_id", &targets));
    let sql = format!(
        "SELECT p.created_at / {QUARTER_US} AS quarter, {COUNTS} FROM pushes p{} GROUP BY 1",
        filter.sql()
    );
    let query = filter.bind(sqlx::query(AssertSqlSafe(sql)));
    for row in query.persistent(false).fetch_all(db.read()).await? {
        let quarter: i64 = row.try_get("quarter")?;
        if let Some(day) = calendar::place(days, quarter).and_then(|place| all.get_mut(place)) {
            *day = *day + stats(&row)?;
        }
    }
    Ok(all)
}

async fn by_run(db: &Db, runs: &[Range<i64>], span: Span) -> Result<Vec<Stats>, sqlx::Error> {
    let past = format!("{}quarter", span.past());
    let mut all = vec![Stats::default(); runs.len()];
    for (runs, found) in runs.chunks(MOST).zip(all.chunks_mut(MOST)) {
        let (sql, size) = BY_RUN.text(db.dialect(), runs.len());
        let mut query = sqlx::query(sql);
        let numbered: Vec<(i64, &Range<i64>)> = (0..).zip(runs).collect();
        for row in padded(&numbered, size) {
            query = query
                .bind(row.map(|(number, _)| *number))
                .bind(row.map(|(_, run)| run.start))
                .bind(row.map(|(_, run)| run.end))
                .bind(row.map(|_| past.as_str()));
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

/// What retention has removed, to be added to the past: what it was counted under, with the id
/// there, and how many.
pub async fn add_past(
    connection: &mut AnyConnection,
    dialect: Dialect,
    removed: &[(Counted, Stats)],
) -> Result<(), sqlx::Error> {
    for run in removed.chunks(MOST) {
        let (sql, size) = ADD_PAST.text(dialect, run.len());
        let mut query = sqlx::query(sql);
        for row in padded(run, size) {
            query = query
                .bind(row.map(|((part, _), _)| *part))
                .bind(row.map(|((_, id), _)| *id))
                .bind(row.map(|(_, stats)| stats.total))
                .bind(row.map(|(_, stats)| stats.success))
                .bind(row.map(|(_, stats)| stats.failed));
        }
        query.execute(&mut *connection).await?;
    }
    Ok(())
}

/// `past_repo`, `past_target`, `past_template` or `past_quarter`, and the id there: a plain number,
/// as each of them counts other things.
pub type Counted = (&'static str, i64);

static ADD_PAST: Bulk = Bulk::new(
    "part, id, total, success, failed",
    5,
    "INSERT INTO push_tallies (part, id, slot, total, success, failed)
     SELECT part, id, 0, total, success, failed FROM v WHERE part IS NOT NULL
     ON CONFLICT (part, id, slot) DO UPDATE SET total = push_tallies.total + excluded.total,
        success = push_tallies.success + excluded.success, failed = push_tallies.failed + excluded.failed",
);

/// A point in the list of all pushes, or of those with a status, by time.
pub(super) struct Place {
    /// The quarter of an hour in which the entry is.
    pub quarter: i64,
    /// How many entries of that quarter come before it.
    pub before: u64,
}

const QUARTERS_OF_A_DAY: i64 = 96;

/// Where the entry after the first `offset` ones is: first its day, then its quarter. None: there
/// are not so many.
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
        let sums = by_run(db, &runs, Span::Kept).await?;
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
