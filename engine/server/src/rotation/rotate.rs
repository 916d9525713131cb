//! Seals with the current key what other keys have sealed, while servers run. A row is changed only
//! as it was read, and a batch is a transaction: whenever this ends, each value is sealed by one
//! key or the other.

use super::store::{COLUMNS, Column, Sealed, announced};
use push_notify_core::secret::{Place, Vault, VaultError, key_id_of};
use push_notify_db::Attached;
use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

/// Rows of one transaction.
const BATCH: usize = 64;
/// Servers that do not have the current key first may write again what was read; so it is looked
/// once more.
const PASSES: usize = 3;
/// The others that write get this many times what a transaction took.
const YIELD: u32 = 4;
const LEAST_PAUSE: Duration = Duration::from_millis(2);

/// How many sealed values there are of each key.
pub type Census = BTreeMap<String, u64>;

/// What a rotation came to.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Rotated {
    /// Rows that were sealed again.
    pub rows: u64,
    /// Rows with a value that no key opens; they stay as they are.
    pub unreadable: u64,
}

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("database: {0}")]
    Database(#[from] sqlx::Error),
    #[error(
        "server {node} runs and has not made {key_id} its current key: restart it, or send it SIGHUP, so that it reads its \
         keys again; what it seals in the meantime would need the key before"
    )]
    Behind { node: i64, key_id: String },
}

/// Fails when a server that runs has another current key. `progress` is told how many rows were
/// sealed again so far.
pub async fn rotate(
    database: &mut Attached,
    vault: &Vault,
    mut progress: impl FnMut(u64),
) -> Result<Rotated, Error> {
    let current = vault.key_id();
    for (node, keys) in announced(database.connection()).await? {
        let is_behind = keys.split(',').next() != Some(current.as_str());
        if is_behind && database.is_alive(node).await? {
            return Err(Error::Behind {
                node,
                key_id: current,
            });
        }
    }
    let mut rotated = Rotated::default();
    for _ in 0..PASSES {
        let mut pass = Rotated::default();
        for column in &COLUMNS {
            let before = rotated.rows + pass.rows;
            let told = |rows| progress(before + rows);
            let done = rotate_column(database, vault, column, told).await?;
            pass.rows += done.rows;
            pass.unreadable += done.unreadable;
        }
        rotated.rows += pass.rows;
        rotated.unreadable = pass.unreadable;
        if pass.rows == 0 {
            break;
        }
    }
    Ok(rotated)
}

async fn rotate_column(
    database: &mut Attached,
    vault: &Vault,
    column: &Column,
    mut progress: impl FnMut(u64),
) -> Result<Rotated, sqlx::Error> {
    let mut rotated = Rotated::default();
    let mut mark = 0;
    loop {
        let rows = column.some(database.connection(), mark, BATCH).await?;
        let Some(last) = rows.last() else {
            return Ok(rotated);
        };
        mark = last.id;
        let mut renewed = Vec::new();
        for row in &rows {
            match renew(vault, column, row) {
                Ok(Some(text)) => renewed.push((row, text)),
                Ok(None) => {}
                Err(_) => rotated.unreadable += 1,
            }
        }
        if renewed.is_empty() {
            continue;
        }
        let started = Instant::now();
        let dialect = database.dialect();
        rotated.rows += column
            .replace(database.connection(), dialect, &renewed)
            .await?;
        progress(rotated.rows);
        tokio::time::sleep((started.elapsed() * YIELD).max(LEAST_PAUSE)).await;
    }
}

/// The row's text, sealed by the current key. None: it is already, or there is nothing in it.
fn renew(vault: &Vault, column: &Column, row: &Sealed) -> Result<Option<String>, VaultError> {
    let current = vault.key_id();
    let again = |name: &str, text: &str| {
        let place = Place {
            table: column.table,
            column: name,
            row: row.bound_to,
        };
        match key_id_of(text) {
            Some(key_id) if key_id != current => {
                let plain = vault.open_bytes(place, text)?;
                Ok(Some(vault.seal(place, &plain)))
            }
            _ => Ok(None),
        }
    };
    if !column.by_field {
        return again(column.column, &row.text);
    }
    let mut fields = fields(&row.text).ok_or(VaultError::Sealed)?;
    let mut changed = false;
    for (name, text) in &mut fields {
        if let Some(renewed) = again(name, text)? {
            *text = renewed;
            changed = true;
        }
    }
    let text = serde_json::to_string(&fields).map_err(|_| VaultError::Sealed)?;
    Ok(changed.then_some(text))
}

/// Of all sealed values that there are. It reads the whole table of events.
pub async fn census(database: &mut Attached) -> Result<Census, sqlx::Error> {
    let mut census = Census::new();
    for column in &COLUMNS {
        let mut mark = 0;
        loop {
            let rows = column.some(database.connection(), mark, 1000).await?;
            let Some(last) = rows.last() else { break };
            mark = last.id;
            for row in &rows {
                count(&mut census, column, &row.text);
            }
        }
    }
    Ok(census)
}

pub(super) fn count(census: &mut Census, column: &Column, text: &str) {
    let mut add = |text: &str| {
        if let Some(key_id) = key_id_of(text) {
            *census.entry(key_id.to_owned()).or_default() += 1;
        }
    };
    if column.by_field {
        let fields = fields(text).unwrap_or_default();
        fields.values().for_each(|text| add(text));
    } else {
        add(text);
    }
}

fn fields(text: &str) -> Option<BTreeMap<String, String>> {
    serde_json::from_str(text).ok()
}
