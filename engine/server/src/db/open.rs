use super::{
    Dialect, checkpoint,
    ids::{Ids, Sequence},
    installation, migrate, owner,
};
use crate::config;
use sqlx::{
    AnyConnection, AnyPool, AssertSqlSafe, Connection as _, Transaction, any::AnyPoolOptions,
    pool::PoolConnection,
};
use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio_util::sync::CancellationToken;

/// The database. On SQLite all that write but the committer share one connection, so that they queue here and not at the file's
/// lock; on PostgreSQL both pools are one.
#[derive(Clone)]
pub struct Db(Arc<Inner>);

struct Inner {
    dialect: Dialect,
    url: String,
    read: AnyPool,
    write: AnyPool,
    ids: Ids,
    stop: CancellationToken,
    /// This server among those that share the database.
    node: i64,
    /// Where its file is, on SQLite.
    folder: Option<PathBuf>,
    /// Until the database is closed.
    ownership: Mutex<Option<owner::Ownership>>,
}

#[derive(Debug, thiserror::Error)]
pub enum DbError {
    #[error("cannot open the database: {0}")]
    Open(#[source] sqlx::Error),
    #[error("cannot bring the database up to date: {0}")]
    Migrate(#[source] sqlx::migrate::MigrateError),
    #[error("cannot use the database file: {0}")]
    File(#[source] std::io::Error),
    #[error("{0} is in use by another server")]
    InUse(String),
}

const SQLITE_PRAGMAS: &str = "
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA busy_timeout = 10000;
    PRAGMA foreign_keys = ON;
    PRAGMA temp_store = MEMORY;
    PRAGMA cache_size = -8192;
    -- Our own checkpointer does this; the number is for when it cannot.
    PRAGMA wal_autocheckpoint = 32768;
";

/// Our statements are short. One that steps through an index looks costly to the planner, and compiling it takes longer than running it.
const POSTGRES_SETTINGS: &str = "SET jit = off";

impl Db {
    /// Opens the database, makes it when it is not there (SQLite), and brings its schema up to date.
    pub async fn open(settings: &config::Database, data_dir: &Path) -> Result<Self, DbError> {
        sqlx::any::install_default_drivers();
        if settings.url.starts_with("postgres") {
            Self::open_postgres(settings).await
        } else {
            Self::open_sqlite(settings, data_dir).await
        }
    }

    async fn open_postgres(settings: &config::Database) -> Result<Self, DbError> {
        let pool = AnyPoolOptions::new()
            .max_connections(settings.connections.max(2))
            .acquire_timeout(Duration::from_secs(10))
            .after_connect(|connection, _| {
                Box::pin(async move {
                    sqlx::raw_sql(POSTGRES_SETTINGS).execute(connection).await?;
                    Ok(())
                })
            })
            .connect(&settings.url)
            .await
            .map_err(DbError::Open)?;
        migrate::migrate(&pool, Dialect::Postgres).await?;
        let (ownership, node) = owner::take_number(&settings.url)
            .await
            .map_err(DbError::Open)?;
        Ok(Self(Arc::new(Inner {
            dialect: Dialect::Postgres,
            url: settings.url.clone(),
            ids: Ids::in_blocks(pool.clone()),
            read: pool.clone(),
            write: pool,
            stop: CancellationToken::new(),
            node,
            folder: None,
            ownership: Mutex::new(Some(ownership)),
        })))
    }

    async fn open_sqlite(settings: &config::Database, data_dir: &Path) -> Result<Self, DbError> {
        let file = sqlite_file(&settings.url, data_dir);
        if let Some(folder) = file.parent() {
            std::fs::create_dir_all(folder).map_err(DbError::File)?;
        }
        let ownership = owner::own_file(&file)?;
        let url = format!("sqlite://{}?mode=rwc", file.display());
        let options = || {
            AnyPoolOptions::new()
                .acquire_timeout(Duration::from_secs(30))
                // A file does not go away; asking each time costs a switch of threads and back.
                .test_before_acquire(false)
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
        let wal = PathBuf::from(format!("{}-wal", file.display()));
        tokio::spawn(checkpoint::run(url.clone(), wal, stop.clone()));
        Ok(Self(Arc::new(Inner {
            dialect: Dialect::Sqlite,
            url: url.clone(),
            ids,
            read,
            write,
            stop,
            node: 0,
            folder: file.parent().map(Path::to_owned),
            ownership: Mutex::new(Some(ownership)),
        })))
    }

    pub fn dialect(&self) -> Dialect {
        self.0.dialect
    }

    /// This server's number among those that share the database, below [`NODES`](super::NODES).
    pub fn node(&self) -> i64 {
        self.0.node
    }

    /// Where its file is, on SQLite.
    pub fn folder(&self) -> Option<PathBuf> {
        self.0.folder.clone()
    }

    /// What the servers on this database are called together.
    pub async fn installation(&self) -> Result<String, sqlx::Error> {
        installation::id(&self.0.write).await
    }

    /// Whether the leases that were taken under this number are a dead server's.
    pub async fn is_dead(&self, node: i64) -> Result<bool, sqlx::Error> {
        if node == self.0.node {
            // Ours now, and we have taken none yet under an earlier life.
            return Ok(true);
        }
        match self.0.dialect {
            Dialect::Sqlite => Ok(true),
            Dialect::Postgres => owner::is_free(&mut *self.writer().await?, node).await,
        }
    }

    /// For statements that only read.
    pub fn read(&self) -> &AnyPool {
        &self.0.read
    }

    /// For single statements that write; [`Db::begin`] is for several.
    pub fn write(&self) -> &AnyPool {
        &self.0.write
    }

    /// Begins a transaction that may write. Hold it across nothing but statements.
    pub async fn begin(&self) -> Result<Transaction<'static, sqlx::Any>, sqlx::Error> {
        match self.0.dialect {
            // One that begins by reading would fail when somebody else writes before it does.
            Dialect::Sqlite => self.0.write.begin_with("BEGIN IMMEDIATE").await,
            Dialect::Postgres => self.0.write.begin().await,
        }
    }

    /// A connection of its own for whoever writes all the time.
    pub async fn connect(&self) -> Result<AnyConnection, sqlx::Error> {
        let mut connection = AnyConnection::connect(&self.0.url).await?;
        if self.0.dialect == Dialect::Sqlite {
            sqlx::raw_sql(SQLITE_PRAGMAS)
                .execute(&mut connection)
                .await?;
        }
        Ok(connection)
    }

    pub async fn writer(&self) -> Result<PoolConnection<sqlx::Any>, sqlx::Error> {
        self.0.write.acquire().await
    }

    /// The id of the next row of an administrative table. Take it inside the transaction that inserts the row.
    pub async fn next_id(
        &self,
        connection: &mut AnyConnection,
        table: &'static str,
    ) -> Result<i64, sqlx::Error> {
        let sql = match self.0.dialect {
            // Rows of these tables are never removed, only marked; and there is one writer.
            Dialect::Sqlite => format!("SELECT COALESCE(MAX(id), 0) + 1 FROM {table}"),
            Dialect::Postgres => format!("SELECT nextval('{table}_id')"),
        };
        sqlx::query_scalar(AssertSqlSafe(sql))
            .fetch_one(connection)
            .await
    }

    /// Ids of new events or pushes, ascending.
    pub async fn take_ids(
        &self,
        sequence: Sequence,
        count: usize,
    ) -> Result<Vec<i64>, sqlx::Error> {
        self.0.ids.take(sequence, count).await
    }

    /// The id of a new event or push.
    pub async fn take_id(&self, sequence: Sequence) -> Result<i64, sqlx::Error> {
        let ids = self.take_ids(sequence, 1).await?;
        ids.first().copied().ok_or(sqlx::Error::RowNotFound)
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
        .bind(self.0.node)
        .bind(now)
        .execute(&self.0.write)
        .await?;
        Ok(())
    }

    pub async fn close(&self) {
        self.0.stop.cancel();
        self.0.read.close().await;
        self.0.write.close().await;
        let mut ownership = self
            .0
            .ownership
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        ownership.take();
    }
}

fn sqlite_file(url: &str, data_dir: &Path) -> PathBuf {
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
