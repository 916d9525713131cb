//! Statements over many rows. One statement takes up to [`MOST`] rows; its `VALUES` list has a
//! power of two of them, the last ones padded with NULLs, so that the prepared statements are few
//! and a batch is one round trip.

use crate::Dialect;
use std::sync::OnceLock;

/// Rows of one statement.
pub const MOST: usize = 256;
/// 1, 2, 4, ... 256.
const SIZES: usize = 9;

/// A statement that works on a table of values called `v`. A row whose first column is NULL is
/// padding and must have no effect.
pub struct Bulk {
    /// Of `v`, separated by commas.
    columns: &'static str,
    width: usize,
    /// What follows `WITH v AS (VALUES ...)`.
    statement: &'static str,
    texts: [[OnceLock<String>; SIZES]; 2],
}

impl Bulk {
    pub const fn new(columns: &'static str, width: usize, statement: &'static str) -> Self {
        Self {
            columns,
            width,
            statement,
            texts: [const { [const { OnceLock::new() }; SIZES] }; 2],
        }
    }

    /// The statement for `rows` rows, at most [`MOST`], and how many its list has.
    pub fn text(&'static self, dialect: Dialect, rows: usize) -> (&'static str, usize) {
        let size = rows.clamp(1, MOST).next_power_of_two();
        let texts = &self.texts[usize::from(dialect == Dialect::Postgres)];
        let text = texts[size.ilog2() as usize].get_or_init(|| self.write(dialect, size));
        (text, size)
    }

    fn write(&self, dialect: Dialect, rows: usize) -> String {
        let row = |row: usize| {
            let columns = (1..=self.width).map(|column| match dialect {
                // SQLite looks up the name of a named parameter for each that is bound, in a list
                // of all.
                Dialect::Sqlite => "?".to_owned(),
                Dialect::Postgres => format!("${}", row * self.width + column),
            });
            format!("({})", columns.collect::<Vec<_>>().join(", "))
        };
        let values: Vec<String> = (0..rows).map(row).collect();
        format!(
            "WITH v ({}) AS (VALUES {}) {}",
            self.columns,
            values.join(", "),
            self.statement
        )
    }
}

/// The items one by one as rows, then the padding.
pub fn padded<T>(items: &[T], size: usize) -> impl Iterator<Item = Option<&T>> {
    let padding = size.saturating_sub(items.len());
    items
        .iter()
        .map(Some)
        .chain(std::iter::repeat_with(|| None).take(padding))
}

#[cfg(test)]
mod tests;
