//! What the server keeps on disk: for its own user only, since it holds password hashes, tokens and
//! the keys to them; and there after a crash.

use std::{
    env,
    fs::{self, File, OpenOptions},
    io,
    os::unix::fs::{
        DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _,
    },
    path::{Path, PathBuf},
};

/// What others may do.
const OTHERS: u32 = 0o077;
/// A folder where everybody puts things, such as /tmp.
const STICKY: u32 = 0o1000;
/// What is in these is everybody's, whoever owns them (Filesystem Hierarchy Standard).
const SYSTEM: [&str; 32] = [
    "/",
    "/bin",
    "/boot",
    "/dev",
    "/etc",
    "/home",
    "/lib",
    "/lib64",
    "/media",
    "/mnt",
    "/opt",
    "/proc",
    "/root",
    "/run",
    "/sbin",
    "/srv",
    "/sys",
    "/tmp",
    "/usr",
    "/usr/bin",
    "/usr/lib",
    "/usr/local",
    "/usr/sbin",
    "/usr/share",
    "/var",
    "/var/cache",
    "/var/lib",
    "/var/log",
    "/var/opt",
    "/var/run",
    "/var/spool",
    "/var/tmp",
];

#[derive(Debug, thiserror::Error)]
pub enum Exposed {
    #[error("cannot make the folder {folder} (`{key}`): {error}")]
    Make {
        folder: String,
        key: &'static str,
        #[source]
        error: io::Error,
    },
    #[error(
        "the folder {folder} is open to others, and not for the server to close: {why}. Name another folder in `{key}`, such as one inside \
         of it, which the server makes for itself{or}"
    )]
    Folder {
        folder: String,
        key: &'static str,
        why: String,
        /// What would do as well.
        or: String,
    },
    #[error("{file} is open to others: run `chmod 600 {file}` as its owner ({error})")]
    File {
        file: String,
        #[source]
        error: io::Error,
    },
    #[error("cannot look at {path}: {error}")]
    Look {
        path: String,
        #[source]
        error: io::Error,
    },
}

/// The folder that `key` names, for nobody else: it is made, or taken from others unless they use
/// it.
pub fn private_folder(folder: &Path, key: &'static str) -> Result<(), Exposed> {
    let folder = match folder.as_os_str().is_empty() {
        true => Path::new("."),
        false => folder,
    };
    let shown = quoted(folder);
    make(folder).map_err(|error| Exposed::Make {
        folder: shown.clone(),
        key,
        error,
    })?;
    let look = |error| Exposed::Look {
        path: shown.clone(),
        error,
    };
    let mode = fs::metadata(folder).map_err(look)?.permissions().mode();
    if mode & OTHERS == 0 {
        return Ok(());
    }
    let refuse = |why: String, or: String| Exposed::Folder {
        folder: shown.clone(),
        key,
        why,
        or,
    };
    if mode & STICKY != 0 {
        return Err(refuse(
            "everybody puts things there".to_owned(),
            String::new(),
        ));
    }
    let or = format!(", or run `chmod 700 {shown}`");
    if let Some(why) = used_by_others(folder).map_err(look)? {
        return Err(refuse(why, or));
    }
    match narrow(folder, mode) {
        Ok(()) => {
            tracing::info!("{shown} was open to others, and is no longer");
            Ok(())
        }
        Err(_) => Err(refuse("it belongs to another user".to_owned(), or)),
    }
}

/// A file that is there is taken from others.
pub fn private_file(file: &Path) -> Result<(), Exposed> {
    let shown = quoted(file);
    let mode = match fs::metadata(file) {
        Ok(found) => found.permissions().mode(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(Exposed::Look { path: shown, error }),
    };
    if mode & OTHERS == 0 {
        return Ok(());
    }
    narrow(file, mode).map_err(|error| Exposed::File {
        file: shown.clone(),
        error,
    })?;
    tracing::info!("{shown} was open to others, and is no longer");
    Ok(())
}

/// Opens a file to write, which is made for nobody else where it is not there.
pub fn open_private(file: &Path) -> io::Result<File> {
    OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .mode(0o600)
        .open(file)
}

/// A new name is on disk only when its folder is.
pub fn sync_folder_of(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| *folder != Path::new(""));
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}

/// As a shell takes it.
pub fn quoted(path: &Path) -> String {
    let text = path.display().to_string();
    let plain = |letter: char| letter.is_alphanumeric() || "/._-".contains(letter);
    match text.chars().all(plain) {
        true => text,
        false => format!("'{}'", text.replace('\'', r"'\''")),
    }
}

/// Whether this process may do everything, where that can be told.
pub fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0)
}

/// Also above it; what is made is on disk.
fn make(folder: &Path) -> io::Result<()> {
    let missing: Vec<PathBuf> = folder
        .ancestors()
        .take_while(|folder| !folder.as_os_str().is_empty() && !folder.exists())
        .map(Path::to_owned)
        .collect();
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)?;
    missing.iter().try_for_each(|folder| sync_folder_of(folder))
}

fn narrow(path: &Path, mode: u32) -> io::Result<()> {
    fs::set_permissions(path, fs::Permissions::from_mode(mode & 0o7777 & !OTHERS))
}

/// Why a folder is not the server's to close: others would stand before it.
fn used_by_others(folder: &Path) -> io::Result<Option<String>> {
    let whole = folder.canonicalize()?;
    if SYSTEM.iter().any(|system| whole == Path::new(system)) {
        return Ok(Some("it is the system's".to_owned()));
    }
    if env::var_os("HOME").is_some_and(|home| whole == Path::new(&home)) {
        return Ok(Some("it is a home".to_owned()));
    }
    let owner = fs::metadata(folder)?.uid();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if fs::symlink_metadata(entry.path())?.uid() != owner {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            return Ok(Some(format!("{name} in there belongs to another user")));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests;
