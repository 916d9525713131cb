//! Statements that list rows: which, how many, and one page of them. Values are always bound, never
//! text in the statement.

mod window;

pub use window::Window;

use crate::page::{Page, Total};
use sqlx::{
    Acquire as _, Any, AnyPool, AssertSqlSafe, Row as _,
    any::{AnyArguments, AnyRow},
    query::Query,
};

/// Where counting stops.
pub const COUNT_CAP: i64 = 10_000;

/// What a list is made of.
pub struct Listing {
    /// The table and its alias, `pushes p`. Conditions and order are on it alone.
    pub table: &'static str,
    /// Its key, `p.id`; it decides between equal rows.
    pub key: &'static str,
    pub columns: &'static str,
    /// What only the columns need.
    pub joins: &'static str,
}

/// Conditions that all hold, with their values in order.
#[derive(Debug, Default)]
pub struct Filter {
    conditions: Vec<String>,
    values: Vec<Value>,
    /// No index serves it.
    scans: bool,
    /// There are ids in the text: prepared for good, it would push out those that come again.
    is_ad_hoc: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    Int(i64),
    Text(String),
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}

impl Filter {
    /// A condition without a value.
    pub fn always(mut self, condition: &'static str) -> Self {
        self.conditions.push(condition.to_owned());
        self
    }

    /// In `condition`, `?` stands for the value, as often as it comes. Nothing is added when there
    /// is no value.
    pub fn and(mut self, condition: &'static str, value: Option<impl Into<Value>>) -> Self {
        if let Some(value) = value {
            self.values.push(value.into());
            let place = format!("${}", self.values.len());
            self.conditions.push(condition.replace('?', &place));
        }
        self
    }

    /// The column is one of these. They are numbers, so safe as text.
    pub fn among(mut self, column: &'static str, ids: &[i64]) -> Self {
        let ids: Vec<String> = ids.iter().map(i64::to_string).collect();
        self.conditions
            .push(format!("{column} IN ({})", ids.join(", ")));
        self
    }

    /// One of the columns is one of its ids.
    pub fn among_either<const N: usize>(mut self, columns: [(&'static str, &[i64]); N]) -> Self {
        let of_one = |(column, ids): &(&'static str, &[i64])| {
            let ids: Vec<String> = ids.iter().map(i64::to_string).collect();
            format!("{column} IN ({})", ids.join(", "))
        };
        let some = columns.iter().filter(|(_, ids)| !ids.is_empty());
        let some: Vec<String> = some.map(of_one).collect();
        self.conditions.push(match some.is_empty() {
            true => "1 = 0".to_owned(),
            false => format!("({})", some.join(" OR ")),
        });
        self.is_ad_hoc = true;
        self
    }

    /// As [`Filter::and`]; the value is what `LIKE ? ESCAPE '\'` needs to find `text` anywhere.
    pub fn containing(mut self, condition: &'static str, text: Option<String>) -> Self {
        self.scans |= text.is_some();
        self.and(condition, text.map(|text| pattern(&text)))
    }

    /// One page, and how many there are in all, counted up to [`COUNT_CAP`].
    pub async fn page<T>(
        &self,
        pool: &AnyPool,
        listing: &Listing,
        page: &Page,
        entry: impl Fn(&AnyRow) -> Result<T, sqlx::Error>,
    ) -> Result<(Vec<T>, Total), sqlx::Error> {
        let total = self.count(pool, listing).await?;
        let window = Window::of(page, total);
        let rows = self.rows(pool, listing, page, window, entry).await?;
        Ok((rows, total))
    }

    /// How many there are, up to [`COUNT_CAP`].
    pub async fn count(&self, pool: &AnyPool, listing: &Listing) -> Result<Total, sqlx::Error> {
        let sql = format!(
            "SELECT COUNT(*) FROM (SELECT 1 FROM {}{} LIMIT {}) counted",
            listing.table,
            self.sql(),
            COUNT_CAP + 1
        );
        let query = self.bind(sqlx::query(AssertSqlSafe(sql)));
        let query = query.persistent(!self.is_ad_hoc);
        let rows = self.fetch(pool, query).await?;
        let row = rows.first().ok_or(sqlx::Error::RowNotFound)?;
        let count: i64 = row.try_get(0)?;
        Ok(Total {
            count: count.min(COUNT_CAP),
            capped: count > COUNT_CAP,
        })
    }

    /// The rows of a window in the page's order. Their keys are found first, in an index where
    /// there is one for the filter; only then is the rest of them read.
    pub async fn rows<T>(
        &self,
        pool: &AnyPool,
        listing: &Listing,
        page: &Page,
        window: Window,
        entry: impl Fn(&AnyRow) -> Result<T, sqlx::Error>,
    ) -> Result<Vec<T>, sqlx::Error> {
        if window.limit == 0 {
            return Ok(Vec::new());
        }
        let order = |descending| if descending { "DESC" } else { "ASC" };
        let walked = order(page.descending != window.from_end);
        let shown = order(page.descending);
        let Listing {
            table,
            key,
            columns,
            joins,
        } = listing;
        let sort = page.sort;
        let sql = format!(
            "SELECT {columns} FROM (
                SELECT {key} AS row_key, {sort} AS row_sort FROM {table}{} ORDER BY {sort} {walked}, {key} {walked}
                LIMIT {} OFFSET {}
             ) found JOIN {table} ON {key} = found.row_key {joins} ORDER BY found.row_sort {shown}, found.row_key {shown}",
            self.sql(),
            window.limit,
            window.offset,
        );
        let query = self.bind(sqlx::query(AssertSqlSafe(sql)));
        // A deep page's text is its own: prepared for good, it would push out those that come
        // again.
        let query = query.persistent(window.offset == 0 && !self.is_ad_hoc);
        let rows = self.fetch(pool, query).await?;
        rows.iter().map(entry).collect()
    }

    /// Sessions of PostgreSQL are set up for looking rows up (`session.rs`); a search that reads
    /// whole tables does that the straight way.
    async fn fetch(
        &self,
        pool: &AnyPool,
        query: Query<'_, Any, AnyArguments>,
    ) -> Result<Vec<AnyRow>, sqlx::Error> {
        let mut connection = pool.acquire().await?;
        if !self.scans || connection.backend_name() != "PostgreSQL" {
            return query.fetch_all(&mut *connection).await;
        }
        let mut transaction = connection.begin().await?;
        sqlx::raw_sql("SET LOCAL enable_seqscan = on")
            .execute(&mut *transaction)
            .await?;
        let rows = query.fetch_all(&mut *transaction).await?;
        transaction.commit().await?;
        Ok(rows)
    }

    /// ` WHERE ...`, or nothing.
    pub fn sql(&self) -> String {
        if self.conditions.is_empty() {
            String::new()
        } else {
            format!(" WHERE {}", self.conditions.join(" AND "))
        }
    }

    pub fn bind<'q>(&self, query: Query<'q, Any, AnyArguments>) -> Query<'q, Any, AnyArguments> {
        self.values.iter().fold(query, |query, value| match value {
            Value::Int(value) => query.bind(*value),
            Value::Text(value) => query.bind(value.as_str()),
        })
    }
}

/// `a_b` -> `%a\_b%`.
fn pattern(text: &str) -> String {
    let mut pattern = String::from("%");
    for letter in text.chars() {
        if matches!(letter, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(letter);
    }
    pattern.push('%');
    pattern
}

#[cfg(test)]
mod tests;
