//! The file of an SQLite database: where it is, and what it is called in a URL.

use crate::DbError;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};
use std::{
    io::{Error, ErrorKind},
    path::{Path, PathBuf},
};

/// Everything else in a path stands for itself in no URL.
const NOT_PLAIN: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'/')
    .remove(b'-')
    .remove(b'_')
    .remove(b'.');

/// How sqlx opens it.
#[derive(Debug, Clone, Copy)]
pub(super) enum Opening {
    /// It must be there.
    There,
    /// It is made where it is not there.
    Made,
}

/// The file that `database.url` means on SQLite: what follows `sqlite://`, letter by letter.
pub fn sqlite_file(url: &str, data_dir: &Path) -> PathBuf {
    let path = url
        .strip_prefix("sqlite:")
        .map(|rest| rest.strip_prefix("//").unwrap_or(rest))
        .unwrap_or_default();
    if path.is_empty() {
        data_dir.join("push-notify.db")
    } else {
        PathBuf::from(path)
    }
}

/// The URL by which sqlx finds this file, whatever is in its name. Its folder must be there.
pub(super) fn sqlite_url(file: &Path, opening: Opening) -> Result<String, DbError> {
    let invalid = |why: &str| Error::new(ErrorKind::InvalidInput, why.to_owned());
    let name = file.file_name();
    let name = name.ok_or_else(|| DbError::File(invalid("it names a folder")))?;
    let folder = file.parent().filter(|folder| *folder != Path::new(""));
    // A URL knows no relative paths, and takes `..` away by itself.
    let folder = folder.unwrap_or(Path::new(".")).canonicalize();
    let path = folder.map_err(DbError::File)?.join(name);
    let path = path.to_str();
    let path = path.ok_or_else(|| DbError::File(invalid("its path is not UTF-8")))?;
    let mode = match opening {
        Opening::There => "rw",
        Opening::Made => "rwc",
    };
    let path = percent_encode(path.as_bytes(), NOT_PLAIN);
    Ok(format!("sqlite://{path}?mode={mode}"))
}

#[cfg(test)]
mod tests;
