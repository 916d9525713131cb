//! An SQLite file belongs to one server at a time. The lock file goes with the process, however it ends; so whoever
//! holds it knows that every lease in the file is a dead worker's.

use super::DbError;
use fs4::fs_std::FileExt as _;
use std::{
    fs::{File, OpenOptions},
    path::Path,
};

pub(super) fn own(database: &Path) -> Result<File, DbError> {
    let mut name = database.as_os_str().to_owned();
    name.push(".lock");
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&name)
        .map_err(DbError::File)?;
    match file.try_lock_exclusive() {
        Ok(true) => Ok(file),
        _ => Err(DbError::InUse(database.display().to_string())),
    }
}
