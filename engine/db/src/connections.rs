//! The ways to the database: its pools, connections outside of them, and the ids of new rows.

use crate::{
    Db, Dialect,
    ids::{Administrative, Sequenced},
    raw,
    session::prepare_sqlite,
};
use sqlx::{
    AnyConnection, AnyPool, AssertSqlSafe, Connection as _, PgConnection, Transaction,
    pool::PoolConnection,
};
use std::path::PathBuf;

impl Db {
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

    /// A connection outside of the pools.
    pub async fn connect(&self) -> Result<AnyConnection, sqlx::Error> {
        let mut connection = AnyConnection::connect(&self.0.url).await?;
        if self.0.dialect == Dialect::Sqlite {
            prepare_sqlite(&mut connection).await?;
        }
        Ok(connection)
    }

    /// The same for PostgreSQL alone, for frequent writers: such a connection takes arrays.
    pub async fn connect_postgres(&self) -> Result<PgConnection, sqlx::Error> {
        let connector = self.0.connector.as_ref();
        let connection = connector.ok_or(sqlx::Error::PoolClosed)?.acquire().await?;
        Ok(connection.detach())
    }

    /// The same without sqlx, on SQLite.
    pub fn connect_raw(&self) -> rusqlite::Result<rusqlite::Connection> {
        let file = self.0.file.as_deref();
        raw::open(file.ok_or(rusqlite::Error::InvalidPath(PathBuf::new()))?)
    }

    pub async fn writer(&self) -> Result<PoolConnection<sqlx::Any>, sqlx::Error> {
        self.0.write.acquire().await
    }

    /// The next id in an administrative table. Take it in the transaction that inserts the row.
    pub async fn next_id<I: Administrative>(
        &self,
        connection: &mut AnyConnection,
    ) -> Result<I, sqlx::Error> {
        let table = I::TABLE;
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
    pub async fn take_ids<I: Sequenced>(&self, count: usize) -> Result<Vec<I>, sqlx::Error> {
        self.0.ids.take(count).await
    }

    /// The id of a new event or push.
    pub async fn take_id<I: Sequenced>(&self) -> Result<I, sqlx::Error> {
        let ids = self.take_ids(1).await?;
        ids.first().copied().ok_or(sqlx::Error::RowNotFound)
    }
}
