//! Counts of the logs' rows. Triggers keep them (`migrations/*/0007_tallies.sql`). A log is
//! `system`, `operation` or `ai-call`; its levels are those of the system log, the status of AI
//! calls, or `info`.

use crate::{
    Db,
    rows::{Bulk, MOST, padded},
};
use push_notify_core::calendar::Day;
use sqlx::{AnyPool, Row as _};

/// Of all time, of one level or of all.
pub async fn total(pool: &AnyPool, log: &str, level: Option<&str>) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar(
        "SELECT CAST(COALESCE(SUM(entries), 0) AS BIGINT) FROM log_tallies
         WHERE log = $1 AND quarter = -1 AND level = COALESCE($2, level)",
    )
    .bind(log)
    .bind(level)
    .fetch_one(pool)
    .await
}

/// The join's order keeps SQLite from reading all quarters for each day. Quarter -1 is none: it
/// stands for all time.
static BY_DAY: Bulk = Bulk::new(
    "d, log, begins, ends",
    4,
    "SELECT v.d, t.level, CAST(SUM(t.entries) AS BIGINT) AS entries FROM v CROSS JOIN log_tallies t
     WHERE v.d IS NOT NULL AND t.log = v.log AND t.quarter >= 0 AND t.quarter >= v.begins AND t.quarter < v.ends GROUP BY v.d, t.level",
);

/// Of each of the days, in their order: the levels that have entries, with how many.
pub async fn by_day(
    db: &Db,
    log: &str,
    days: &[Day],
) -> Result<Vec<Vec<(String, i64)>>, sqlx::Error> {
    let mut all = vec![Vec::new(); days.len()];
    for (run, found) in days.chunks(MOST).zip(all.chunks_mut(MOST)) {
        let (sql, size) = BY_DAY.text(db.dialect(), run.len());
        let mut query = sqlx::query(sql);
        let numbered: Vec<(i64, &Day)> = (0..).zip(run).collect();
        for row in padded(&numbered, size) {
            query = query
                .bind(row.map(|(number, _)| *number))
                .bind(row.map(|_| log))
                .bind(row.map(|(_, day)| day.first))
                .bind(row.map(|(_, day)| day.end));
        }
        for row in query.fetch_all(db.read()).await? {
            let number = usize::try_from(row.try_get::<i64, _>("d")?).ok();
            let entries: i64 = row.try_get("entries")?;
            let day = number.and_then(|number| found.get_mut(number));
            if let Some(day) = day.filter(|_| entries > 0) {
                day.push((row.try_get("level")?, entries));
            }
        }
    }
    Ok(all)
}
