//! What nobody else on this machine can have written.

use std::{fs, io, path::Path};

/// Makes `dir`, for this user alone. One that was open to others is closed, and compiled code in it
/// is removed: it may be anybody's. Fails when it, or the symbolic link that leads to it, is
/// another user's, or when users share it.
#[cfg(unix)]
pub(super) fn dir(dir: &Path) -> io::Result<()> {
    use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt};
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(dir)?;
    let before = fs::metadata(dir)?;
    if before.mode() & 0o1000 != 0 {
        return Err(io::Error::other("is shared with other users"));
    }
    // Whoever makes a file owns it.
    let me = tempfile::tempfile_in(dir)?.metadata()?.uid();
    if before.uid() != me || fs::symlink_metadata(dir)?.uid() != me {
        return Err(io::Error::other("belongs to another user"));
    }
    fs::set_permissions(dir, fs::Permissions::from_mode(0o700))?;
    if before.mode() & WRITABLE != 0 {
        tracing::warn!(dir = %dir.display(), "others could write to the directory of compiled plugins; compiling again");
        for entry in fs::read_dir(dir)? {
            let path = entry?.path();
            if path.extension().is_some_and(|kind| kind == "cwasm") {
                fs::remove_file(path)?;
            }
        }
    }
    Ok(())
}

#[cfg(not(unix))]
pub(super) fn dir(dir: &Path) -> io::Result<()> {
    fs::create_dir_all(dir)
}

/// By group or others.
#[cfg(unix)]
const WRITABLE: u32 = 0o022;

/// Whether `file` belongs to the owner of `dir`, which is us, and only we can write to it.
#[cfg(unix)]
pub(super) fn is_ours(file: &fs::File, dir: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let (Ok(file), Ok(dir)) = (file.metadata(), fs::metadata(dir)) else {
        return false;
    };
    file.is_file() && file.uid() == dir.uid() && file.mode() & WRITABLE == 0
}

#[cfg(not(unix))]
pub(super) fn is_ours(_: &fs::File, _: &Path) -> bool {
    true
}
