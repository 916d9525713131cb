//! A log as a file of any length: read page by page, so that neither memory nor a transaction grows
//! with it.

use super::{
    Entry,
    store::{self, Place},
};
use bytes::Bytes;
use futures_util::{Stream, stream};
use push_notify_core::{clock::Micros, i18n::Locale, id::LogId};
use sqlx::AnyPool;
use std::{borrow::Cow, marker::PhantomData};

/// Rows that are in memory at the same time.
const PAGE: usize = 250;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// RFC 4180, UTF-8 with a byte order mark, for spreadsheets.
    Csv,
    /// One array.
    Json,
}

impl Format {
    pub const NAMES: [&'static str; 2] = ["csv", "json"];

    pub fn of_name(name: &str) -> Self {
        match name {
            "json" => Self::Json,
            _ => Self::Csv,
        }
    }

    pub fn name(self) -> &'static str {
        Self::NAMES[self as usize]
    }

    pub fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Json => "application/json",
        }
    }
}

#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    #[error("database: {0}")]
    Database(#[from] sqlx::Error),
    #[error("cannot write a row: {0}")]
    Row(String),
}

/// The rows from `from` to `to` that are there now, oldest first.
pub async fn export<E: Entry + 'static>(
    pool: AnyPool,
    format: Format,
    (from, to): (Micros, Micros),
    locale: Locale,
) -> Result<impl Stream<Item = Result<Bytes, ExportError>> + Send, ExportError> {
    let reading = Reading {
        newest_id: store::newest_id(&pool, E::KIND).await?,
        pool,
        format,
        to,
        // Ids begin with 1.
        place: Some(Place {
            created_at: from,
            id: LogId::new(0),
        }),
        begun: false,
        locale,
        entry: PhantomData::<fn() -> E>,
    };
    Ok(stream::try_unfold(reading, Reading::next))
}

struct Reading<E> {
    pool: AnyPool,
    format: Format,
    to: Micros,
    newest_id: LogId,
    /// None: everything was read.
    place: Option<Place>,
    begun: bool,
    locale: Locale,
    entry: PhantomData<fn() -> E>,
}

impl<E: Entry> Reading<E> {
    async fn next(mut self) -> Result<Option<(Bytes, Self)>, ExportError> {
        let Some(place) = self.place else {
            return Ok(None);
        };
        let (mut rows, last) =
            store::after::<E>(&self.pool, place, self.to, self.newest_id, PAGE).await?;
        self.place = last.filter(|_| rows.len() == PAGE);
        for row in &mut rows {
            row.speak(self.locale);
        }
        let (is_first, is_last) = (!self.begun, self.place.is_none());
        self.begun = true;
        let chunk = match self.format {
            Format::Csv => csv_chunk(&rows, is_first)?,
            Format::Json => json_chunk(&rows, is_first, is_last)?,
        };
        Ok(Some((chunk.into(), self)))
    }
}

fn csv_chunk<E: Entry>(rows: &[E], is_first: bool) -> Result<Vec<u8>, ExportError> {
    let row_error = |error: csv::Error| ExportError::Row(error.to_string());
    let mark: &[u8] = if is_first { b"\xef\xbb\xbf" } else { b"" };
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(mark.to_vec());
    if is_first {
        writer.write_record(E::HEAD).map_err(row_error)?;
    }
    for row in rows {
        let cells = row.cells().into_iter().map(neutral);
        let cells: Vec<Cow<'_, str>> = cells.collect();
        writer
            .write_record(cells.iter().map(|cell| cell.as_bytes()))
            .map_err(row_error)?;
    }
    writer
        .into_inner()
        .map_err(|error| ExportError::Row(error.to_string()))
}

pub const FORMULA: [char; 4] = ['=', '+', '-', '@'];

/// A spreadsheet takes a cell that begins like a formula for one, and would run it. Where it parts
/// cells at semicolons or tabs, whatever its file is quoted like, a cell may begin within one of
/// ours.
pub fn neutral(cell: Cow<'_, str>) -> Cow<'_, str> {
    let first = cell.starts_with(FORMULA) || cell.starts_with(['\t', '\r', '\n']);
    if !first && !cell.contains([';', '\t', '\r', '\n']) {
        return cell;
    }
    let mut neutral = String::with_capacity(cell.len() + 2);
    if first {
        neutral.push('\'');
    }
    let mut begins = false;
    for letter in cell.chars() {
        if begins && FORMULA.contains(&letter) {
            neutral.push('\'');
        }
        begins = match letter {
            ';' | '\t' | '\r' | '\n' => true,
            '"' => begins,
            other => begins && other.is_whitespace(),
        };
        neutral.push(letter);
    }
    neutral.into()
}

fn json_chunk<E: Entry>(rows: &[E], is_first: bool, is_last: bool) -> Result<Vec<u8>, ExportError> {
    let mut text = Vec::new();
    for (index, row) in rows.iter().enumerate() {
        let before: &[u8] = if is_first && index == 0 {
            b"[\n"
        } else {
            b",\n"
        };
        text.extend(before);
        serde_json::to_writer(&mut text, row)
            .map_err(|error| ExportError::Row(error.to_string()))?;
    }
    if is_first && rows.is_empty() {
        text.extend(b"[");
    }
    if is_last {
        text.extend(b"\n]\n");
    }
    Ok(text)
}

#[cfg(test)]
mod tests;
