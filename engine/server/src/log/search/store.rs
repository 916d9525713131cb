//! SQL that searches the logs: first which rows make the page, then those rows.

use super::Found;
use crate::log::{
    Entry, Kind, ai_call::AiCallEntry, operation::OperationEntry, store::listing,
    system::SystemEntry,
};
use push_notify_core::{i18n::Locale, id::LogId};
use push_notify_db::{
    list::{Filter, among},
    page::{Page, Total},
};
use sqlx::{AnyPool, AssertSqlSafe, Row as _};
use std::collections::HashMap;

/// One page of what contains `keyword`, and how many rows do.
pub async fn search(
    pool: &AnyPool,
    kinds: &[Kind],
    keyword: &str,
    page: &Page,
    locale: Locale,
) -> Result<(Vec<Found>, Total), sqlx::Error> {
    let filters: Vec<(Kind, Filter)> = kinds
        .iter()
        .map(|kind| {
            let filter = Filter::default().containing(condition(*kind), Some(keyword.to_owned()));
            (*kind, filter)
        })
        .collect();
    let mut total = Total::from(0);
    for (kind, filter) in &filters {
        let some = match kind {
            Kind::System => filter.count(pool, &listing::<SystemEntry>()).await?,
            Kind::Operation => filter.count(pool, &listing::<OperationEntry>()).await?,
            Kind::AiCall => filter.count(pool, &listing::<AiCallEntry>()).await?,
        };
        total.count += some.count;
        total.capped |= some.capped;
    }
    let hits = hits(pool, &filters, page).await?;
    let mut found = HashMap::new();
    for kind in kinds {
        let ids: Vec<LogId> = hits
            .iter()
            .filter(|hit| hit.0 == *kind)
            .map(|hit| hit.1)
            .collect();
        match kind {
            Kind::System => rows(pool, &ids, locale, Found::System, &mut found).await?,
            Kind::Operation => rows(pool, &ids, locale, Found::Operation, &mut found).await?,
            Kind::AiCall => rows(pool, &ids, locale, Found::AiCall, &mut found).await?,
        }
    }
    // One that retention has removed meanwhile is left out.
    let entries = hits.iter().filter_map(|hit| found.remove(hit)).collect();
    Ok((entries, total))
}

/// A row of a log.
type Hit = (Kind, LogId);

/// Those of the page, in its order. Each log gives no more than can be on it.
async fn hits(
    pool: &AnyPool,
    filters: &[(Kind, Filter)],
    page: &Page,
) -> Result<Vec<Hit>, sqlx::Error> {
    let Some((_, any)) = filters.first() else {
        return Ok(Vec::new());
    };
    let order = page.direction();
    let reach = u64::from(page.number) * u64::from(page.size);
    let parts = filters.iter().map(|(kind, filter)| {
        format!(
            "SELECT * FROM (SELECT CAST({} AS BIGINT) AS kind, id, created_at FROM {}{}
                ORDER BY created_at {order}, id {order} LIMIT {reach}) AS some_rows",
            *kind as u8,
            kind.table(),
            filter.sql()
        )
    });
    let parts: Vec<String> = parts.collect();
    let sql = format!(
        "SELECT kind, id FROM ({}) AS all_rows ORDER BY created_at {order}, id {order} LIMIT {} OFFSET {}",
        parts.join(" UNION ALL "),
        page.size,
        page.offset()
    );
    // All parts bind the same value under the same number.
    let rows = any.bind(sqlx::query(AssertSqlSafe(sql)));
    let rows = rows.fetch_all(pool).await?;
    rows.iter()
        .map(|row| {
            let kind: i64 = row.try_get("kind")?;
            let kind = usize::try_from(kind)
                .ok()
                .and_then(|kind| Kind::ALL.get(kind));
            Ok((*kind.unwrap_or(&Kind::System), row.try_get("id")?))
        })
        .collect()
}

async fn rows<E: Entry>(
    pool: &AnyPool,
    ids: &[LogId],
    locale: Locale,
    wrap: impl Fn(E) -> Found,
    found: &mut HashMap<Hit, Found>,
) -> Result<(), sqlx::Error> {
    if ids.is_empty() {
        return Ok(());
    }
    let sql = format!(
        "SELECT {} FROM {} WHERE {}",
        E::SELECTED,
        E::KIND.table(),
        among("id", ids.iter().copied())
    );
    let rows = sqlx::query(AssertSqlSafe(sql)).persistent(false);
    for row in rows.fetch_all(pool).await? {
        let mut entry = E::read(&row)?;
        entry.speak(locale);
        found.insert((E::KIND, row.try_get("id")?), wrap(entry));
    }
    Ok(())
}

/// Where a keyword is looked for.
fn condition(kind: Kind) -> &'static str {
    match kind {
        Kind::System => {
            "(LOWER(message) LIKE LOWER(?) ESCAPE '\\' OR LOWER(module) LIKE LOWER(?) ESCAPE '\\'
                OR LOWER(request_id) LIKE LOWER(?) ESCAPE '\\' OR LOWER(detail) LIKE LOWER(?) ESCAPE '\\')"
        }
        Kind::Operation => {
            "(LOWER(username) LIKE LOWER(?) ESCAPE '\\' OR LOWER(action) LIKE LOWER(?) ESCAPE '\\'
                OR LOWER(object_name) LIKE LOWER(?) ESCAPE '\\' OR LOWER(detail) LIKE LOWER(?) ESCAPE '\\')"
        }
        Kind::AiCall => {
            "(LOWER(input_summary) LIKE LOWER(?) ESCAPE '\\' OR LOWER(output_summary) LIKE LOWER(?) ESCAPE '\\'
                OR LOWER(error) LIKE LOWER(?) ESCAPE '\\')"
        }
    }
}
