//! A connection for commands that run beside a server: without its lock, and without bringing the
//! schema up to date.

use crate::{
    Db, DbError, Dialect,
    file::{Opening, sqlite_url},
    migrate, node, session,
};
use push_notify_core::config;
use sqlx::{AnyConnection, Connection as _};
use std::path::{Path, PathBuf};

/// A database that somebody else may be using.
pub struct Attached {
    connection: AnyConnection,
    dialect: Dialect,
    /// On SQLite.
    file: Option<PathBuf>,
}

impl Attached {
    /// Fails when the database is not there, or its schema is another one than this release's.
    pub async fn open(settings: &config::Database, data_dir: &Path) -> Result<Self, DbError> {
        let mut attached = Self::open_any(settings, data_dir).await?;
        let found = attached.schema().await?;
        if found != migrate::NEWEST {
            return Err(DbError::Schema {
                found,
                known: migrate::NEWEST,
            });
        }
        Ok(attached)
    }

    /// As [`Attached::open`], whatever the schema.
    pub async fn open_any(settings: &config::Database, data_dir: &Path) -> Result<Self, DbError> {
        sqlx::any::install_default_drivers();
        if settings.is_postgres() {
            let connection = AnyConnection::connect(&settings.url)
                .await
                .map_err(DbError::Open)?;
            return Ok(Self {
                connection,
                dialect: Dialect::Postgres,
                file: None,
            });
        }
        let file = crate::sqlite_file(&settings.url, data_dir);
        std::fs::metadata(&file).map_err(|error| DbError::Missing {
            file: file.display().to_string(),
            error,
        })?;
        Self::open_file(&file).await
    }

    /// An SQLite file that is there.
    pub async fn open_file(file: &Path) -> Result<Self, DbError> {
        sqlx::any::install_default_drivers();
        let url = sqlite_url(file, Opening::There)?;
        let mut connection = AnyConnection::connect(&url).await.map_err(DbError::Open)?;
        session::prepare_sqlite(&mut connection)
            .await
            .map_err(DbError::Open)?;
        Ok(Self {
            connection,
            dialect: Dialect::Sqlite,
            file: Some(file.to_owned()),
        })
    }

    pub fn connection(&mut self) -> &mut AnyConnection {
        &mut self.connection
    }

    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// The version of the schema; 0: there is none yet. Fails when an unreleased version made it.
    pub async fn schema(&mut self) -> Result<i64, DbError> {
        let sql = match self.dialect {
            Dialect::Sqlite => {
                "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = '_sqlx_migrations'"
            }
            Dialect::Postgres => {
                "SELECT COUNT(*) FROM pg_tables WHERE tablename = '_sqlx_migrations'"
            }
        };
        let there: i64 = sqlx::query_scalar(sql)
            .fetch_one(&mut self.connection)
            .await
            .map_err(DbError::Open)?;
        if there == 0 {
            return Ok(0);
        }
        if migrate::is_unreleased(&mut self.connection, self.dialect).await? {
            return Err(DbError::Unreleased);
        }
        sqlx::query_scalar("SELECT COALESCE(MAX(version), 0) FROM _sqlx_migrations")
            .fetch_one(&mut self.connection)
            .await
            .map_err(DbError::Open)
    }

    /// Whether the server with this number runs.
    pub async fn is_alive(&mut self, number: i64) -> Result<bool, sqlx::Error> {
        match &self.file {
            Some(file) => Ok(node::is_owned(file)),
            None => Ok(node::living(&mut self.connection).await?.contains(&number)),
        }
    }

    pub async fn close(self) -> Result<(), sqlx::Error> {
        self.connection.close().await
    }
}

impl Db {
    /// A connection of this server's own, for work that commands do as well.
    pub async fn attached(&self) -> Result<Attached, sqlx::Error> {
        Ok(Attached {
            connection: self.connect().await?,
            dialect: self.dialect(),
            file: self.file().map(Path::to_owned),
        })
    }
}
