use super::{NOW, PERIOD, ROWS, Timed};
use anyhow::ensure;
use jiff::tz::TimeZone;
use push_notify::log::{
    Entry, Kind,
    operation::OperationEntry,
    stats::Stats,
    store::{self, SORTABLE, Span},
    system::SystemEntry,
};
use push_notify_core::{
    calendar::{self, Range, seven_days_to},
    i18n::Locale,
};
use push_notify_db::{Db, list::Filter, page::Page, tally};

const OPERATIONS: i64 = ROWS / 5;
const USERS: i64 = 20;
const DAY: i64 = 86_400_000_000;

/// What the API does for its lists and statistics of the logs.
pub(super) async fn measure(
    db: &Db,
    zone: &TimeZone,
) -> anyhow::Result<Vec<(&'static str, Timed)>> {
    let week = Span {
        from: Some(NOW - 14 * DAY),
        to: Some(NOW - 7 * DAY),
    };
    let errors = || Filter::default().and("level = ?", Some("error"));
    let all = Filter::default();
    let first = Timed::of(async || page::<SystemEntry>(db, &all, Some(None)).await);
    let of_level =
        Timed::of(async || page::<SystemEntry>(db, &errors(), Some(Some("error"))).await);
    let some = week.within(errors());
    let of_week = Timed::of(async || page::<SystemEntry>(db, &some, None).await);
    let all_of_week = week.within(Filter::default());
    let counted = Timed::of(async || page::<SystemEntry>(db, &all_of_week, None).await);
    let by_user = Filter::default().and("user_id = ?", Some(3));
    let operations = Timed::of(async || page::<OperationEntry>(db, &by_user, None).await);
    let stats = Timed::of(async || statistics(db, zone).await);
    Ok(vec![
        ("log, first page", first.await?),
        ("log, errors", of_level.await?),
        ("log, errors of a week", of_week.await?),
        ("log, a week (counted to 10 000)", counted.await?),
        ("operations of a user", operations.await?),
        ("statistics of the log, with its top errors", stats.await?),
    ])
}

/// `known` is the level that the tallies count, or all.
async fn page<E: Entry>(
    db: &Db,
    filter: &Filter,
    known: Option<Option<&str>>,
) -> anyhow::Result<()> {
    let total = match known {
        Some(level) => Some(tally::total(db.read(), E::KIND.name(), level).await?),
        None => None,
    };
    let [(_, sort), _] = SORTABLE;
    let page = Page::first(sort);
    let (entries, total) =
        store::list::<E>(db.read(), filter, total, &page, Locale::English).await?;
    ensure!(entries.len() == 10 && total.count > 0, "nothing is listed");
    Ok(())
}

async fn statistics(db: &Db, zone: &TimeZone) -> anyhow::Result<()> {
    let today = calendar::today(zone, NOW)?;
    let days = Range::new(None, None, today, 366, seven_days_to)?.days(zone)?;
    let counts = store::levels_by_day(db, Kind::System, &days).await?;
    let errors = store::top_errors(db.read(), Kind::System, &days, 10).await?;
    let stats = Stats::new(&days, &counts, errors);
    ensure!(
        stats.top_errors.len() == 10 && stats.level_distribution.error > 0,
        "no logs"
    );
    Ok(())
}

/// 2 % of the lines are errors, each in words of its own: the worst for the most frequent ones.
pub(super) async fn fill(db: &Db) -> anyhow::Result<()> {
    const BATCH: i64 = 50_000;
    for from in (1..=ROWS).step_by(BATCH as usize) {
        let mut transaction = db.begin().await?;
        sqlx::query(
            "WITH RECURSIVE n (i) AS (SELECT $1 UNION ALL SELECT i + 1 FROM n WHERE i < $2)
             INSERT INTO system_logs (level, module, message, created_at)
             SELECT CASE WHEN i % 50 = 0 THEN 'error' WHEN i % 50 = 1 THEN 'warn' ELSE 'info' END, 'pipeline',
                'something happened to ' || hex(randomblob(30)), $3 - ($4 - i) * ($5 / $4)
             FROM n",
        )
        .bind(from)
        .bind(from + BATCH - 1)
        .bind(NOW)
        .bind(ROWS)
        .bind(PERIOD)
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
    }
    sqlx::query(
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1)
         INSERT INTO operation_logs (user_id, username, action, object_type, object_id, object_name, detail, created_at)
         SELECT 1 + i % $2, 'somebody', 'repo.update', 'repo', i, hex(randomblob(10)), '', $3 - ($1 - i) * ($4 / $1) FROM n",
    )
    .bind(OPERATIONS)
    .bind(USERS)
    .bind(NOW)
    .bind(PERIOD)
    .execute(db.write())
    .await?;
    Ok(())
}
