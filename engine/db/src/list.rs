//! Statements that list rows: which, how many, and one page of them. Values are always bound, never
//! text in the statement.

mod window;

pub use window::Window;

use crate::page::{Page, Total};
use push_notify_core::{
    for_each_id,
    id::{self, RowId, listed},
};
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

/// `p.id IN (1, 2, 3)`. Ids are numbers, so safe as text. There must be one: PostgreSQL knows no
/// empty list. The statement is not to be kept prepared, as its text is another each time.
pub fn among(column: &str, ids: impl IntoIterator<Item = impl RowId>) -> String {
    format!("{column} IN ({})", listed(ids))
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

macro_rules! from_ids {
    ($($(#[$doc:meta])* $id:ident)*) => {$(
        impl From<id::$id> for Value {
            fn from(id: id::$id) -> Self {
                Self::Int(id.get())
            }
        }
    )*};
}

for_each_id!(from_ids);

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

    /// The column is one of these.
    pub fn among(mut self, column: &'static str, ids: &[impl RowId]) -> Self {
        self.conditions.push(among(column, ids.iter().copied()));
        self
    }

    /// Either column is one of its ids.
    pub fn among_either(
        mut self,
        one: (&'static str, &[impl RowId]),
        other: (&'static str, &[impl RowId]),
    ) -> Self {
        let of_one = |(column, ids): (&str, &[_])| among(column, ids.iter().copied());
        let of_other = |(column, ids): (&str, &[_])| among(column, ids.iter().copied());
        let condition = match (one.1.is_empty(), other.1.is_empty()) {
            (true, true) => "1 = 0".to_owned(),
            (false, true) => format!("({})", of_one(one)),
            (true, false) => format!("({})", of_other(other)),
            (false, false) => format!("({} OR {})", of_one(one), of_other(other)),
        };
        self.conditions.push(condition);
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
