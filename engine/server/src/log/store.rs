//! SQL that is the same for all logs.

use super::{
    Entry, Kind,
    stats::{Levels, Repeated},
};
use crate::http::extract::{FromQuery, Query};
use push_notify_core::{
    calendar::{Day, QUARTER_US},
    clock::Micros,
    i18n::Locale,
    id::LogId,
};
use push_notify_db::{
    Db,
    list::{Filter, Listing, Window},
    page::{Page, Total},
    tally,
};
use sqlx::{AnyPool, AssertSqlSafe, Row as _, any::AnyRow};

/// What lists are sorted by.
pub const SORTABLE: [(&str, &str); 2] = [("created_at", "created_at"), ("id", "id")];

/// A time range, both ends included.
#[derive(Debug, Clone, Copy, Default)]
pub struct Span {
    pub from: Option<Micros>,
    pub to: Option<Micros>,
}

impl FromQuery for Span {
    fn read(query: &mut Query) -> Self {
        let (from, to) = query.span();
        Self { from, to }
    }
}

impl Span {
    pub fn is_all(self) -> bool {
        self.from.is_none() && self.to.is_none()
    }

    pub fn within(self, filter: Filter) -> Filter {
        filter
            .and("created_at >= ?", self.from)
            .and("created_at <= ?", self.to)
    }
}

/// One page, and how many there are in all: `total` where that is known already.
pub async fn list<E: Entry>(
    pool: &AnyPool,
    filter: &Filter,
    total: Option<i64>,
    page: &Page,
    locale: Locale,
) -> Result<(Vec<E>, Total), sqlx::Error> {
    let listing = listing::<E>();
    let entry = |row: &AnyRow| {
        let mut entry = E::read(row)?;
        entry.speak(locale);
        Ok(entry)
    };
    let total = match total {
        Some(total) => total.into(),
        None => filter.count(pool, &listing).await?,
    };
    let window = Window::of(page, total);
    let entries = filter.rows(pool, &listing, page, window, entry).await?;
    Ok((entries, total))
}

pub(super) fn listing<E: Entry>() -> Listing {
    Listing {
        table: E::KIND.table(),
        key: "id",
        columns: E::SELECTED,
        joins: "",
    }
}

/// Where an export has come to.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    pub created_at: Micros,
    pub id: LogId,
}

/// The highest id that is given; 0 when there is none.
pub async fn newest_id(pool: &AnyPool, kind: Kind) -> Result<LogId, sqlx::Error> {
    let sql = format!("SELECT COALESCE(MAX(id), 0) FROM {}", kind.table());
    sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(pool).await
}

/// When the row was made, or the last one before it. None: there is none.
pub async fn time_of(pool: &AnyPool, kind: Kind, id: LogId) -> Result<Option<Micros>, sqlx::Error> {
    let sql = format!(
        "SELECT created_at FROM {} WHERE id <= $1 ORDER BY id DESC LIMIT 1",
        kind.table()
    );
    let row = sqlx::query_scalar(AssertSqlSafe(sql)).bind(id);
    row.fetch_optional(pool).await
}

/// Up to `most` rows after `place`, oldest first, up to `to` and `newest_id`; and the place of the
/// last of them.
pub async fn after<E: Entry>(
    pool: &AnyPool,
    place: Place,
    to: Micros,
    newest_id: LogId,
    most: usize,
) -> Result<(Vec<E>, Option<Place>), sqlx::Error> {
    let sql = format!(
        "SELECT {}, created_at AS at FROM {}
         WHERE (created_at, id) > ($1, $2) AND created_at <= $3 AND id <= $4 ORDER BY created_at, id LIMIT {most}",
        E::SELECTED,
        E::KIND.table()
    );
    let rows = sqlx::query(AssertSqlSafe(sql))
        .bind(place.created_at)
        .bind(place.id)
        .bind(to)
        .bind(newest_id)
        .fetch_all(pool)
        .await?;
    let last = rows.last().map(|row| {
        Ok::<_, sqlx::Error>(Place {
            created_at: row.try_get("at")?,
            id: row.try_get("id")?,
        })
    });
    let entries = rows.iter().map(E::read).collect::<Result<_, _>>()?;
    Ok((entries, last.transpose()?))
}

/// Removes up to `most` rows from before `before`, the oldest first. Returns how many.
pub async fn remove(db: &Db, kind: Kind, before: Micros, most: u32) -> Result<u64, sqlx::Error> {
    let table = kind.table();
    let sql = format!(
        "DELETE FROM {table} WHERE id IN
            (SELECT id FROM {table} WHERE created_at < $1 ORDER BY created_at, id LIMIT {most})"
    );
    let mut transaction = db.begin().await?;
    let removed = sqlx::query(AssertSqlSafe(sql))
        .bind(before)
        .execute(&mut *transaction)
        .await?
        .rows_affected();
    transaction.commit().await?;
    Ok(removed)
}

/// How many rows of each level each day has.
pub async fn levels_by_day(db: &Db, kind: Kind, days: &[Day]) -> Result<Vec<Levels>, sqlx::Error> {
    let counts = tally::by_day(db, kind.name(), days).await?;
    let levels = counts.into_iter().map(|day| {
        let mut levels = Levels::default();
        for (name, count) in day {
            levels.add(kind.level(&name), count);
        }
        levels
    });
    Ok(levels.collect())
}

/// Errors that are looked through for the most frequent ones: the newest.
const ERRORS: u32 = 1000;

/// The most frequent errors of these days, and how often they came.
pub async fn top_errors(
    pool: &AnyPool,
    kind: Kind,
    days: &[Day],
    most: u32,
) -> Result<Vec<Repeated>, sqlx::Error> {
    let (Some((condition, message)), Some(first), Some(last)) =
        (kind.error(), days.first(), days.last())
    else {
        return Ok(Vec::new());
    };
    let sql = format!(
        "SELECT message, COUNT(*) AS count FROM
            (SELECT {message} AS message FROM {} WHERE {condition} AND created_at >= $1 AND created_at < $2
             ORDER BY created_at DESC, id DESC LIMIT {ERRORS}) AS errors
         GROUP BY message ORDER BY count DESC, message LIMIT {most}",
        kind.table()
    );
    let rows = sqlx::query(AssertSqlSafe(sql))
        .bind(first.first * QUARTER_US)
        .bind(last.end * QUARTER_US)
        .fetch_all(pool)
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Repeated {
                message: row.try_get("message")?,
                count: row.try_get("count")?,
            })
        })
        .collect()
}
