use super::{
    access::came_back,
    archive,
    manifest::Manifest,
    scratch::Scratch,
    store::{self, Account, WaitingWork},
};
use crate::{api_key, session};
use anyhow::Context as _;
use push_notify_core::{
    clock::{Clock, Micros, rfc3339},
    config::Config,
    files,
    secret::{self, Vault},
};
use push_notify_db::{self, Attached};
use std::{
    ffi::OsString,
    fs, io,
    path::{Path, PathBuf},
};
use url::Url;

/// What is to become of the pushes and reviews that waited when the backup was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Waiting {
    /// They become dead letters, which can be sent by hand: after the backup the server may have
    /// delivered them.
    Held,
    /// They go on.
    Sent,
}

/// What is to become of the API keys in the backup.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ApiKeys {
    /// All are revoked: some may have been since.
    Revoked,
    /// Those that were good are good.
    Kept,
}

/// What was restored.
pub struct Restored {
    pub manifest: Manifest,
    pub database: PathBuf,
    /// Where the database is that was there before.
    pub aside: Option<PathBuf>,
    /// What waited.
    pub waiting: WaitingWork,
    pub keys: KeysAt,
    /// API keys that were revoked, or kept.
    pub api_keys: u64,
    /// What else came back of who may do what, a sentence each. None: there is nothing to compare
    /// it with.
    pub came_back: Option<Vec<String>>,
}

/// Which secret keys the restored database finds.
#[derive(Debug, PartialEq, Eq)]
pub enum KeysAt {
    /// Its own.
    Here,
    /// Put back from the backup; those that were there are in this file.
    Restored(Option<PathBuf>),
    /// Not the one that sealed its secrets, with this id.
    Missing(String),
}

/// Puts the database of a backup in the place of the one that is there.
pub async fn restore(
    config: &Config,
    from: &Path,
    wish: Waiting,
    api_keys: ApiKeys,
) -> anyhow::Result<Restored> {
    let data_dir = &config.server.data_dir;
    anyhow::ensure!(
        !config.database.is_postgres(),
        "`database.url` is PostgreSQL, which restores its own backups, while no server runs:\n\n    pg_restore --clean \
         --if-exists --dbname={} push-notify.dump\n\nThen run `push-notify user end-access`: what was revoked since the dump was made \
         is good again",
        postgres_address(&config.database.url)
    );
    let (manifest, keys) = archive::read(from)?;
    anyhow::ensure!(
        manifest.schema <= push_notify_db::NEWEST,
        "{} was made by version {} and its schema ({}) is newer than this release knows ({}): restore it with that version or a \
         later one",
        from.display(),
        manifest.version,
        manifest.schema,
        push_notify_db::NEWEST
    );
    let database = push_notify_db::sqlite_file(&config.database.url, data_dir);
    files::private_folder(data_dir, "server.data_dir")?;
    if let Some(folder) = database.parent() {
        files::private_folder(folder, "database.url")?;
    }
    let _owned = push_notify_db::own_file(&database).context("stop the server first")?;
    let now = Clock::default().now_us();
    let fresh = Scratch::beside(&database, ".restoring")?;
    archive::unpack(from, &manifest, fresh.path())?;
    let prepared = prepare(fresh.path(), wish, api_keys, &manifest, now).await?;
    let before = accounts_of(&database).await;
    let stamp = format!(".replaced-{}", rfc3339(now));
    let aside = move_aside(&database, &stamp)?;
    fresh
        .rename(&database)
        .with_context(|| format!("cannot put {} in its place", database.display()))?;
    let keys = restore_keys(config, keys.as_deref(), &manifest, &stamp)?;
    Ok(Restored {
        manifest,
        database,
        aside,
        waiting: prepared.waiting,
        keys,
        api_keys: prepared.api_keys,
        came_back: before.map(|before| came_back(&before, &prepared.accounts)),
    })
}

struct Prepared {
    waiting: WaitingWork,
    api_keys: u64,
    accounts: Vec<Account>,
}

/// The accounts of the database that is there. None: there is none, or none that can be read.
async fn accounts_of(file: &Path) -> Option<Vec<Account>> {
    if !file.exists() {
        return None;
    }
    let mut database = Attached::open_file(file).await.ok()?;
    let accounts = store::accounts(&mut database).await;
    database.close().await.ok();
    accounts.ok()
}

/// Checks the database, and makes it what a server may start on.
async fn prepare(
    file: &Path,
    wish: Waiting,
    api_keys: ApiKeys,
    manifest: &Manifest,
    now: Micros,
) -> anyhow::Result<Prepared> {
    let mut database = Attached::open_file(file).await?;
    if let Some(fault) = store::fault(&mut database).await? {
        anyhow::bail!("the database in the backup is damaged: {fault}. Nothing was changed");
    }
    // One that was ended since must not come back to life.
    session::store::revoke_everybodys(database.connection(), now).await?;
    let api_keys = match api_keys {
        ApiKeys::Revoked => api_key::store::revoke_everybodys(database.connection(), now).await?,
        ApiKeys::Kept => store::live_keys(&mut database, now).await?,
    };
    let accounts = store::accounts(&mut database).await?;
    let waiting = match wish {
        Waiting::Sent => store::waiting(&mut database).await?,
        Waiting::Held => {
            let reason = format!(
                "held when the backup of {} was restored: it may have been delivered since",
                manifest.made_at
            );
            store::hold(&mut database, &reason, now).await?
        }
    };
    // The last connection takes the write-ahead log into the file.
    database.close().await?;
    Ok(Prepared {
        waiting,
        api_keys,
        accounts,
    })
}

/// The database, with its write-ahead log if a server left one. None: there was none.
fn move_aside(database: &Path, stamp: &str) -> anyhow::Result<Option<PathBuf>> {
    let mut aside = None;
    for ending in ["", "-wal", "-shm"] {
        let from = with_ending(database, ending);
        let to = with_ending(database, &format!("{stamp}{ending}"));
        match fs::rename(&from, &to) {
            Ok(()) => {
                files::private_file(&to)?;
                if ending.is_empty() {
                    aside = Some(to);
                }
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => {
                return Err(error).with_context(|| format!("cannot rename {}", from.display()));
            }
        }
    }
    files::sync_folder_of(database)?;
    Ok(aside)
}

fn restore_keys(
    config: &Config,
    backed_up: Option<&str>,
    manifest: &Manifest,
    stamp: &str,
) -> anyhow::Result<KeysAt> {
    let data_dir = &config.server.data_dir;
    let Some(needed) = manifest.key_ids.first() else {
        return Ok(KeysAt::Here);
    };
    let at_hand = secret::read(&config.secrets, data_dir)?;
    let known = at_hand.map_or_else(Vec::new, |keys| {
        Vault::new(&keys.current, &keys.previous).key_ids()
    });
    if known.contains(needed) {
        return Ok(KeysAt::Here);
    }
    let Some(lines) = backed_up.filter(|_| config.secrets.key.is_empty()) else {
        return Ok(KeysAt::Missing(needed.clone()));
    };
    let path = secret::path(data_dir);
    let aside = with_ending(&path, stamp);
    let replaced = match fs::rename(&path, &aside) {
        Ok(()) => Some(aside),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(error).context("cannot rename secret.key"),
    };
    secret::replace(&path, lines).context("cannot write secret.key")?;
    Ok(KeysAt::Restored(replaced))
}

/// The URL for a command line, without the password.
pub(super) fn postgres_address(url: &str) -> String {
    let Ok(mut address) = Url::parse(url) else {
        return "postgres://USER@HOST/DATABASE".to_owned();
    };
    address.set_password(None).ok();
    format!("'{address}'")
}

fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = OsString::from(path.as_os_str());
    name.push(ending);
    PathBuf::from(name)
}
