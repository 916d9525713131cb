use super::{
    archive,
    manifest::{FORMAT, Manifest},
    scratch::Scratch,
    store,
};
use anyhow::Context as _;
use push_notify_core::{
    clock::{Clock, rfc3339},
    config::Config,
    secret::{self, Vault},
};
use push_notify_db::Attached;
use std::{
    path::{Path, PathBuf},
    time::Duration,
};

/// Progress is told this often.
const TELL_EVERY: Duration = Duration::from_secs(2);

#[derive(Debug, Default, Clone, Copy)]
pub struct Options {
    /// Puts the secret keys into the backup.
    pub with_key: bool,
    /// Takes the place of a file that is there.
    pub force: bool,
}

/// A backup that was made.
pub struct Made {
    pub path: PathBuf,
    pub manifest: Manifest,
}

/// Where the secret key is that belongs to a backup.
pub fn key_place(config: &Config) -> String {
    match config.secrets.key.is_empty() {
        true => secret::path(&config.server.data_dir).display().to_string(),
        false => "the value of `secrets.key`".to_owned(),
    }
}

/// Writes a backup to `to`, or into that folder. It has what was committed when this began. `tell`
/// hears how many bytes of about how many are copied.
pub async fn make(
    config: &Config,
    to: &Path,
    options: Options,
    tell: impl Fn(u64, u64),
) -> anyhow::Result<Made> {
    let data_dir = &config.server.data_dir;
    anyhow::ensure!(
        !config.database.is_postgres(),
        "`database.url` is PostgreSQL, which has backups of its own:\n\n    pg_dump --format=custom --file=push-notify.dump {}\n\n\
         The secret key is not in there. Keep {} apart: without it the stored tokens and passwords cannot be read",
        super::restore::postgres_address(&config.database.url),
        key_place(config),
    );
    let now = Clock::default().now_us();
    let path = match to.is_dir() {
        true => to.join(name(&rfc3339(now))),
        false => to.to_owned(),
    };
    let shown = path.display();
    anyhow::ensure!(
        options.force || !path.exists(),
        "{shown} is there already: name another file, or overwrite it with --force"
    );
    let mut source = Attached::open_any(&config.database, data_dir).await?;
    let schema = source.schema().await?;
    anyhow::ensure!(
        schema > 0,
        "the database is empty: there is nothing to keep"
    );
    let live = source.is_alive(0).await?;
    let keys = secret::read(&config.secrets, data_dir)?;
    let copy = Scratch::beside(&path, ".db.partial")
        .with_context(|| format!("cannot write beside {shown}"))?;
    let expected = store::bytes(&mut source).await?;
    copy_out(&mut source, &copy, expected, tell).await?;
    source.close().await?;
    let mut copied = Attached::open_file(copy.path()).await?;
    let rows = store::rows(&mut copied).await?;
    // It becomes a file without a write-ahead log.
    copied.close().await?;
    let manifest = Manifest {
        format: FORMAT,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        schema,
        made_at: rfc3339(now),
        live,
        bytes: 0,
        sha256: String::new(),
        key_ids: keys.as_ref().map_or_else(Vec::new, |keys| {
            Vault::new(&keys.current, &keys.previous).key_ids()
        }),
        with_key: options.with_key,
        rows,
    };
    let lines = match (options.with_key, &keys) {
        (false, _) => None,
        (true, Some(keys)) => Some(keys.lines()),
        (true, None) => anyhow::bail!(
            "there is no secret key to put into the backup: {} is not there, and `secrets.key` is empty",
            data_dir.join("secret.key").display()
        ),
    };
    let packed = Scratch::beside(&path, ".partial")?;
    let seconds = u64::try_from(now / 1_000_000).unwrap_or_default();
    let manifest = archive::write(
        packed.path(),
        copy.path(),
        lines.as_deref(),
        manifest,
        seconds,
    )
    .with_context(|| format!("cannot write {shown}"))?;
    packed.rename(&path)?;
    Ok(Made { path, manifest })
}

async fn copy_out(
    source: &mut Attached,
    copy: &Scratch,
    expected: u64,
    tell: impl Fn(u64, u64),
) -> anyhow::Result<()> {
    let copying = store::copy_into(source, copy.path());
    let mut copying = std::pin::pin!(copying);
    loop {
        match tokio::time::timeout(TELL_EVERY, &mut copying).await {
            Ok(done) => return done.context("cannot copy the database"),
            Err(_) => tell(copy.bytes(), expected),
        }
    }
}

/// `push-notify-20260119T143000Z.tar`
fn name(made_at: &str) -> String {
    let seconds = made_at.split('.').next().unwrap_or_default();
    let digits: String = seconds
        .chars()
        .filter(|letter| letter.is_ascii_digit() || *letter == 'T')
        .collect();
    format!("push-notify-{digits}Z.tar")
}
