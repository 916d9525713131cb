use crate::{
    Departed, Dialect, Fault, Number, OutageTracker, StartupLock, checkpoint,
    file::{Opening, sqlite_file, sqlite_url},
    ids::Ids,
    installation, migrate, node,
    session::{COMMITTER_SETTINGS, POSTGRES_SETTINGS, SQLITE_PRAGMAS},
    statistics,
};
use parking_lot::Mutex;
use push_notify_core::{clock::Clock, config, files};
use sqlx::{AnyPool, Connection as _, PgPool, any::AnyPoolOptions, postgres::PgPoolOptions};
use std::{
    fs::File,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};
use tokio::{sync::Notify, task::JoinHandle};
use tokio_util::sync::CancellationToken;

/// The database. On SQLite all that write but the committer share one connection, so that they
/// queue here and not at the file's lock; on PostgreSQL both pools are one.
#[derive(Clone)]
pub struct Db(pub(super) Arc<Inner>);

pub(super) struct Inner {
    pub(super) dialect: Dialect,
    pub(super) url: String,
    /// On SQLite.
    pub(super) file: Option<PathBuf>,
    pub(super) read: AnyPool,
    pub(super) write: AnyPool,
    /// On PostgreSQL: opens the connections of the committer, and waits for a server that restarts.
    pub(super) connector: Option<PgPool>,
    pub(super) ids: Ids,
    stop: CancellationToken,
    /// This server among those that share the database.
    number: Arc<Number>,
    /// Until the database is closed.
    ownership: Mutex<Option<Ownership>>,
    /// Something was written: SQLite's write-ahead log has grown, or PostgreSQL's tables.
    written: Arc<Notify>,
    /// On SQLite.
    #[expect(dead_code, reason = "SQLite's locks would go with it")]
    files: Option<checkpoint::Files>,
    outage: OutageTracker,
}

enum Ownership {
    File(#[expect(dead_code, reason = "the lock goes with it")] File),
    Number(JoinHandle<()>),
}

#[derive(Debug, thiserror::Error)]
pub enum DbError {
    #[error("cannot open the database: {0}")]
    Open(#[source] sqlx::Error),
    #[error("cannot bring the database up to date: {0}")]
    Migrate(#[source] sqlx::migrate::MigrateError),
    #[error("cannot use the database file: {0}")]
    File(#[source] std::io::Error),
    #[error(transparent)]
    Exposed(#[from] files::Exposed),
    #[error("{0} is in use by another server")]
    InUse(String),
    #[error("there is no database {file}: {error}")]
    Missing {
        file: String,
        #[source]
        error: std::io::Error,
    },
    #[error(
        "the schema of the database has version {found}, and this release works with {known}: use the release that the server \
         runs, or start the server with this one first"
    )]
    Schema { found: i64, known: i64 },
    #[error(
        "the database was made by an unreleased version, which no release can bring up to date: move it away, or name another \
         one in `database.url`, and start with a new one"
    )]
    Unreleased,
}

/// How long a request waits for a connection: a restart of PostgreSQL takes less, and Git hosts
/// wait ten seconds.
const POSTGRES_TIMEOUT: Duration = Duration::from_secs(5);
/// How long [`Db::close`] waits for the session of our number.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(2);

impl Db {
    /// Opens the database, which SQLite makes if need be, and brings its schema up to date.
    pub async fn open(
        settings: &config::Database,
        data_dir: &Path,
        clock: &Clock,
    ) -> Result<Self, DbError> {
        sqlx::any::install_default_drivers();
        if settings.is_postgres() {
            Self::open_postgres(settings, clock).await
        } else {
            Self::open_sqlite(settings, data_dir).await
        }
    }

    async fn open_postgres(settings: &config::Database, clock: &Clock) -> Result<Self, DbError> {
        let url = settings.url.clone();
        // One after the other: several nodes may start at the same moment, and the schema is
        // brought up to date once.
        let lock = node::startup_lock(&url).await.map_err(DbError::Open)?;
        let pool = AnyPoolOptions::new()
            .max_connections(settings.connections.max(2))
            .acquire_timeout(POSTGRES_TIMEOUT)
            .after_connect(|connection, _| {
                Box::pin(async move {
                    sqlx::raw_sql(POSTGRES_SETTINGS).execute(connection).await?;
                    Ok(())
                })
            })
            .connect(&url)
            .await
            .map_err(DbError::Open)?;
        let connector = PgPoolOptions::new()
            .acquire_timeout(POSTGRES_TIMEOUT)
            .after_connect(|connection, _| {
                Box::pin(async move {
                    sqlx::raw_sql(POSTGRES_SETTINGS)
                        .execute(&mut *connection)
                        .await?;
                    sqlx::raw_sql(COMMITTER_SETTINGS)
                        .execute(connection)
                        .await?;
                    Ok(())
                })
            })
            .connect_lazy(&url)
            .map_err(DbError::Open)?;
        migrate::migrate(&pool, Dialect::Postgres).await?;
        crate::time::correct(&pool, clock)
            .await
            .map_err(DbError::Open)?;
        let (kept, number) = node::take_number(&url, clock)
            .await
            .map_err(DbError::Open)?;
        lock.end().await;
        let number = Arc::new(number);
        let stop = CancellationToken::new();
        let keeping = node::keep(
            kept,
            url.clone(),
            number.clone(),
            clock.clone(),
            stop.clone(),
        );
        let ownership = Ownership::Number(tokio::spawn(keeping));
        let written = Arc::new(Notify::new());
        let statistics = statistics::follow(pool.clone(), written.clone(), stop.clone());
        tokio::spawn(statistics);
        Ok(Self(Arc::new(Inner {
            dialect: Dialect::Postgres,
            url,
            file: None,
            ids: Ids::in_blocks(pool.clone()),
            read: pool.clone(),
            write: pool,
            connector: Some(connector),
            stop,
            number,
            ownership: Mutex::new(Some(ownership)),
            written,
            files: None,
            outage: OutageTracker::default(),
        })))
    }

    async fn open_sqlite(settings: &config::Database, data_dir: &Path) -> Result<Self, DbError> {
        let file = sqlite_file(&settings.url, data_dir);
        if let Some(folder) = file.parent() {
            files::private_folder(folder, "database.url")?;
        }
        let ownership = node::own_file(&file)?;
        // What SQLite makes beside it is open to whom the file is.
        files::open_private(&file).map_err(DbError::File)?;
        for ending in ["", "-wal", "-shm", "-journal", ".lock"] {
            let mut name = file.clone().into_os_string();
            name.push(ending);
            files::private_file(Path::new(&name))?;
        }
        let url = sqlite_url(&file, Opening::Made)?;
        let options = || {
            AnyPoolOptions::new()
                .acquire_timeout(Duration::from_secs(30))
                // A file does not go away; asking each time costs a switch of threads and back.
                .test_before_acquire(false)
                // Where SQLite has rolled back by itself (a full disk) sqlx still counts a
                // transaction, and begins no other.
                .before_acquire(|connection, _| {
                    let is_sound = !connection.is_in_transaction();
                    Box::pin(async move { Ok(is_sound) })
                })
                .after_connect(|connection, _| {
                    Box::pin(async move {
                        sqlx::raw_sql(SQLITE_PRAGMAS).execute(connection).await?;
                        Ok(())
                    })
                })
        };
        let write = options().max_connections(1).connect(&url).await;
        let write = write.map_err(DbError::Open)?;
        migrate::migrate(&write, Dialect::Sqlite).await?;
        let read = options().max_connections(settings.connections);
        let read = read.connect(&url).await.map_err(DbError::Open)?;
        let ids = Ids::counted(&read).await.map_err(DbError::Open)?;
        let stop = CancellationToken::new();
        let files = checkpoint::Files::open(&file).map_err(DbError::File)?;
        let written = Arc::new(Notify::new());
        let checkpoints = checkpoint::run(files.clone(), written.clone(), stop.clone());
        tokio::spawn(checkpoints);
        Ok(Self(Arc::new(Inner {
            dialect: Dialect::Sqlite,
            url: url.clone(),
            file: Some(file),
            ids,
            read,
            write,
            connector: None,
            stop,
            number: Arc::new(Number::of_file()),
            ownership: Mutex::new(Some(Ownership::File(ownership))),
            written,
            files: Some(files),
            outage: OutageTracker::default(),
        })))
    }

    pub fn dialect(&self) -> Dialect {
        self.0.dialect
    }

    /// Of an SQLite database.
    pub fn file(&self) -> Option<&Path> {
        self.0.file.as_deref()
    }

    /// This server's number among those that share the database.
    pub fn number(&self) -> &Number {
        &self.0.number
    }

    /// Where its file is, on SQLite.
    pub fn folder(&self) -> Option<&Path> {
        self.file()?.parent()
    }

    /// What the servers on this database are called together.
    pub async fn installation(&self) -> Result<String, sqlx::Error> {
        installation::id(&self.0.write).await
    }

    /// Asked before the first lease is taken: who left work behind that nobody else takes over.
    pub async fn dead_at_start(&self) -> Result<Vec<Departed>, sqlx::Error> {
        node::dead_at_start(self, self.0.number.get()).await
    }

    /// Waits until no other server that shares the database is starting, and keeps others from it.
    pub async fn startup_lock(&self) -> Result<Option<StartupLock>, sqlx::Error> {
        match self.0.dialect {
            Dialect::Sqlite => Ok(None),
            Dialect::Postgres => node::startup_lock(&self.0.url).await.map(Some),
        }
    }

    /// To be called by whoever writes all the time.
    pub fn written(&self) {
        self.0.written.notify_one();
    }

    /// Whether what is written can be stored.
    pub fn outage(&self) -> &OutageTracker {
        &self.0.outage
    }

    /// Logs an error of a statement that is tried again and again: when it is the database's fault,
    /// once for all that meet it.
    pub fn report(&self, error: &sqlx::Error, what: &'static str) {
        match Fault::of(error) {
            Some(fault) if fault != Fault::Conflict => self.outage().met(fault, error),
            _ => tracing::error!(%error, "{what}"),
        }
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<(), sqlx::Error> {
        sqlx::query("SELECT 1").execute(&self.0.read).await?;
        Ok(())
    }

    /// Writes a row that stands for nothing, to see whether it can be.
    pub async fn check_write(&self, now: i64) -> Result<(), sqlx::Error> {
        sqlx::query(
            "INSERT INTO write_checks (node, checked_at) VALUES ($1, $2)
             ON CONFLICT (node) DO UPDATE SET checked_at = excluded.checked_at",
        )
        .bind(self.0.number.get())
        .bind(now)
        .execute(&self.0.write)
        .await?;
        Ok(())
    }

    pub async fn close(&self) {
        self.0.stop.cancel();
        self.0.read.close().await;
        self.0.write.close().await;
        if let Some(connector) = &self.0.connector {
            connector.close().await;
        }
        let ownership = self.0.ownership.lock().take();
        if let Some(Ownership::Number(keeping)) = ownership {
            tokio::time::timeout(CLOSE_TIMEOUT, keeping).await.ok();
        }
    }
}
