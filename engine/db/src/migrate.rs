//! Brings the schema up to date. sqlx keeps the book (`_sqlx_migrations`) and, on PostgreSQL, takes
//! a lock so that only one node migrates.

use crate::{DbError, Dialect};
use sqlx::{
    Any, AnyPool, Executor, SqlSafeStr as _,
    migrate::{MigrateError, Migration, MigrationType, Migrator},
};

/// The files of one folder. What was released stays as it is: a change of the schema is one more
/// file in both folders, under the next version. It adds columns without comments behind them,
/// since SQLite keeps the text of an added column as it stands there.
macro_rules! migrations {
    ($folder:literal) => {
        migrations!($folder:
            1 "0001_users",
            2 "0002_repos_and_targets",
            3 "0003_templates_and_prompts",
            4 "0004_deliveries",
            5 "0005_reviews",
            6 "0006_logs",
            7 "0007_tallies",
            8 "0008_servers",
            9 "0009_rules",
            10 "0010_people",
        )
    };
    ($folder:literal: $($version:literal $name:literal,)+) => {
        &[$((
            $version,
            $name,
            include_str!(concat!("../../../migrations/", $folder, "/", $name, ".sql")),
        )),+]
    };
}

const SQLITE: &[(i64, &str, &str)] = migrations!("sqlite");
const POSTGRES: &[(i64, &str, &str)] = migrations!("postgres");

/// The version of the schema that this release works with.
pub const NEWEST: i64 = match SQLITE.last() {
    Some((version, ..)) => *version,
    None => 0,
};

/// Fails on a database of an unreleased version, and leaves it as it is.
pub(super) async fn migrate(pool: &AnyPool, dialect: Dialect) -> Result<(), DbError> {
    match Migrator::with_migrations(migrations(dialect))
        .run(pool)
        .await
    {
        Ok(()) => Ok(()),
        Err(MigrateError::VersionMismatch(_)) => Err(DbError::Unreleased),
        Err(MigrateError::VersionMissing(_)) if is_unreleased(pool, dialect).await? => {
            Err(DbError::Unreleased)
        }
        Err(error) => Err(DbError::Migrate(error)),
    }
}

/// Whether the database, which has a schema, began with another file than ours: every release
/// begins with the same one.
pub(super) async fn is_unreleased(
    database: impl Executor<'_, Database = Any>,
    dialect: Dialect,
) -> Result<bool, DbError> {
    let first: Option<Vec<u8>> =
        sqlx::query_scalar("SELECT checksum FROM _sqlx_migrations ORDER BY version LIMIT 1")
            .fetch_optional(database)
            .await
            .map_err(DbError::Open)?;
    let ours = migrations(dialect).into_iter().next();
    Ok(first.is_some_and(|first| ours.is_some_and(|ours| *ours.checksum != *first)))
}

fn migrations(dialect: Dialect) -> Vec<Migration> {
    let files = match dialect {
        Dialect::Sqlite => SQLITE,
        Dialect::Postgres => POSTGRES,
    };
    files
        .iter()
        .map(|&(version, name, text)| {
            let sql = text.into_sql_str();
            Migration::new(version, name.into(), MigrationType::Simple, sql, false)
        })
        .collect()
}
