use crate::DbError;
use fs4::fs_std::FileExt;
use push_notify_core::files;
use std::{ffi::OsString, fs::File, path::Path};

/// Locks the database file against other servers for as long as the result lives.
pub fn own_file(database: &Path) -> Result<File, DbError> {
    let file = files::open_private(Path::new(&lock_file(database))).map_err(DbError::File)?;
    match file.try_lock_exclusive() {
        Ok(true) => Ok(file),
        _ => Err(DbError::InUse(database.display().to_string())),
    }
}

/// Whether a server runs on an SQLite database.
pub fn is_owned(database: &Path) -> bool {
    File::open(lock_file(database))
        .is_ok_and(|file| !matches!(FileExt::try_lock_shared(&file), Ok(true)))
}

fn lock_file(database: &Path) -> OsString {
    let mut name = database.as_os_str().to_owned();
    name.push(".lock");
    name
}
