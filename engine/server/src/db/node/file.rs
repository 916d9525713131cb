use crate::db::DbError;
use fs4::fs_std::FileExt as _;
use std::{
    fs::{File, OpenOptions},
    path::Path,
};

/// Locks the database file against other servers for as long as the result lives.
pub(in crate::db) fn own_file(database: &Path) -> Result<File, DbError> {
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
