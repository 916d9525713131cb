//! Brings the schema up to date. sqlx keeps the book (`_sqlx_migrations`) and, on PostgreSQL, takes a lock so that
//! only one node migrates.

use crate::{DbError, Dialect};
use sqlx::{
    AnyPool, AssertSqlSafe, SqlSafeStr as _,
    migrate::{Migration, MigrationType, Migrator},
};

macro_rules! text {
    ($file:literal) => {
        include_str!(concat!("../../../migrations/", $file))
    };
}

const MIGRATIONS: &[(i64, &str, &str)] = &[
    (1, "schema", text!("0001_schema.sql")),
    (2, "admin", text!("0002_admin.sql")),
    (3, "tallies", text!("0003_tallies.sql")),
    (4, "identity", text!("0004_identity.sql")),
    (5, "log_indexes", text!("0005_log_indexes.sql")),
    (6, "test_push", text!("0006_test_push.sql")),
    (7, "highest_ids", text!("0007_highest_ids.sql")),
    (8, "model_prices", text!("0008_model_prices.sql")),
    (9, "review_prompts", text!("0009_review_prompts.sql")),
    (10, "reviews", text!("0010_reviews.sql")),
    (11, "target_health", text!("0011_target_health.sql")),
    (12, "digest", text!("0012_digest.sql")),
    (13, "quiet_hours", text!("0013_quiet_hours.sql")),
    (14, "replays", text!("0014_replays.sql")),
    (15, "installation", text!("0015_installation.sql")),
    (16, "nodes", text!("0016_nodes.sql")),
    (17, "traces", text!("0017_traces.sql")),
    (18, "operate", text!("0018_operate.sql")),
    (19, "conditions", text!("0019_conditions.sql")),
    (20, "counting", text!("0020_counting.sql")),
    (21, "owners", text!("0021_owners.sql")),
    (22, "repo_rests", text!("0022_repo_rests.sql")),
    (23, "parked", text!("0023_parked.sql")),
    (24, "storage", text!("0024_storage.sql")),
    (25, "webhook_secrets", text!("0025_webhook_secrets.sql")),
    (26, "login_networks", text!("0026_login_networks.sql")),
    (28, "target_timezone", text!("0028_target_timezone.sql")),
    (30, "queue", text!("0030_queue.sql")),
];

/// The version of the schema that this release works with.
pub const NEWEST: i64 = match MIGRATIONS.last() {
    Some((version, ..)) => *version,
    None => 0,
};

pub(super) async fn migrate(pool: &AnyPool, dialect: Dialect) -> Result<(), DbError> {
    let migrations = MIGRATIONS.iter().map(|(version, name, text)| {
        let sql = AssertSqlSafe(dialect.migration_text(text)).into_sql_str();
        Migration::new(*version, (*name).into(), MigrationType::Simple, sql, false)
    });
    Migrator::with_migrations(migrations.collect())
        .run(pool)
        .await
        .map_err(DbError::Migrate)
}
