//! SQLite without sqlx, for the one who writes all the time: its statements run where they are
//! called, and not on a thread that has to be waited for.

use crate::session::SQLITE_PRAGMAS;
use rusqlite::{Connection, Error, OpenFlags};
use sqlx::error::{DatabaseError, ErrorKind};
use std::{borrow::Cow, path::Path};

/// SQLite walks through all pages that it keeps at most of the commits (it numbers pages anew for a
/// moment while it balances an index): the 8 MiB of the others make a commit a fifth slower.
const PRAGMAS: &str = "PRAGMA cache_size = -2048;";

pub(super) fn open(file: &Path) -> Result<Connection, Error> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(file, flags)?;
    connection.execute_batch(SQLITE_PRAGMAS)?;
    connection.execute_batch(PRAGMAS)?;
    Ok(connection)
}

/// The same as sqlx would say it.
pub fn as_sqlx(error: Error) -> sqlx::Error {
    match error {
        Error::SqliteFailure(failure, message) => sqlx::Error::Database(Box::new(Failure {
            code: failure.extended_code.to_string(),
            message: message.unwrap_or_else(|| failure.to_string()),
        })),
        error => sqlx::Error::Encode(Box::new(error)),
    }
}

#[derive(Debug, thiserror::Error)]
#[error("(code: {code}) {message}")]
struct Failure {
    code: String,
    message: String,
}

impl DatabaseError for Failure {
    fn message(&self) -> &str {
        &self.message
    }

    fn code(&self) -> Option<Cow<'_, str>> {
        Some(Cow::Borrowed(&self.code))
    }

    fn as_error(&self) -> &(dyn std::error::Error + Send + Sync + 'static) {
        self
    }

    fn as_error_mut(&mut self) -> &mut (dyn std::error::Error + Send + Sync + 'static) {
        self
    }

    fn into_error(self: Box<Self>) -> Box<dyn std::error::Error + Send + Sync + 'static> {
        self
    }

    fn kind(&self) -> ErrorKind {
        ErrorKind::Other
    }
}
