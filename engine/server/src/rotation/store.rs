//! SQL on every column that holds sealed values.

use push_notify_db::Dialect;
use sqlx::{AnyConnection, AnyPool, AssertSqlSafe, Connection as _, Row as _};

/// A column with sealed values.
pub(super) struct Column {
    pub table: &'static str,
    pub column: &'static str,
    /// The column with the number that the values are bound to.
    pub bound_to: &'static str,
    /// Whether it is a JSON object with a sealed value for each field.
    pub by_field: bool,
    /// Which rows a server cannot do without.
    needed: &'static str,
}

pub(super) const COLUMNS: [Column; 8] = [
    Column::of("repos", "webhook_secret", false),
    Column::of("repos", "access_token", false),
    Column::of("repos", "secrets", true),
    Column::of("targets", "secrets", true),
    Column::of("models", "api_key", false),
    Column {
        table: "former_webhook_secrets",
        column: "secret",
        bound_to: "repo_id",
        by_field: false,
        needed: "TRUE",
    },
    // Of other events they are read when somebody asks for a replay, if ever.
    Column {
        table: "events",
        column: "headers",
        bound_to: "repo_id",
        by_field: false,
        needed: "state = 'parked'",
    },
    Column {
        table: "events",
        column: "parked_settings",
        bound_to: "repo_id",
        by_field: false,
        needed: "state = 'parked'",
    },
];

/// A row with sealed values.
pub(super) struct Sealed {
    /// A plain number: rows of several tables are rotated alike.
    pub id: i64,
    pub bound_to: i64,
    pub text: String,
}

impl Column {
    const fn of(table: &'static str, column: &'static str, by_field: bool) -> Self {
        Self {
            table,
            column,
            bound_to: "id",
            by_field,
            needed: "deleted_at IS NULL",
        }
    }

    /// At most `most` rows behind the id `after`, ascending.
    pub(super) async fn some(
        &self,
        connection: &mut AnyConnection,
        after: i64,
        most: usize,
    ) -> Result<Vec<Sealed>, sqlx::Error> {
        let Self {
            table,
            column,
            bound_to,
            ..
        } = self;
        let sql = format!(
            "SELECT id, {bound_to} AS bound_to, {column} AS sealed FROM {table}
             WHERE id > $1 AND {column} IS NOT NULL ORDER BY id LIMIT {most}"
        );
        let rows = sqlx::query(AssertSqlSafe(sql))
            .bind(after)
            .fetch_all(connection)
            .await?;
        rows.iter()
            .map(|row| {
                Ok(Sealed {
                    id: row.try_get("id")?,
                    bound_to: row.try_get("bound_to")?,
                    text: row.try_get("sealed")?,
                })
            })
            .collect()
    }

    /// What the rows hold that a server cannot do without.
    pub(super) async fn needed(
        &self,
        connection: &mut AnyConnection,
    ) -> Result<Vec<String>, sqlx::Error> {
        let Self {
            table,
            column,
            needed,
            ..
        } = self;
        let sql = format!("SELECT {column} FROM {table} WHERE {column} IS NOT NULL AND {needed}");
        sqlx::query_scalar(AssertSqlSafe(sql))
            .fetch_all(connection)
            .await
    }

    /// Each row gets its new text, unless somebody changed it meanwhile. In one transaction;
    /// returns how many were changed.
    pub(super) async fn replace(
        &self,
        connection: &mut AnyConnection,
        dialect: Dialect,
        rows: &[(&Sealed, String)],
    ) -> Result<u64, sqlx::Error> {
        let Self { table, column, .. } = self;
        let sql = format!("UPDATE {table} SET {column} = $1 WHERE id = $2 AND {column} = $3");
        let mut transaction = connection.begin_with(dialect.begin()).await?;
        let mut changed = 0;
        for (row, text) in rows {
            changed += sqlx::query(AssertSqlSafe(sql.clone()))
                .bind(text)
                .bind(row.id)
                .bind(&row.text)
                .execute(&mut *transaction)
                .await?
                .rows_affected();
        }
        transaction.commit().await?;
        Ok(changed)
    }
}

/// Writes down which keys this server has.
pub(super) async fn announce(pool: &AnyPool, node: i64, keys: &str) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO server_keys (node, keys) VALUES ($1, $2)
         ON CONFLICT (node) DO UPDATE SET keys = excluded.keys",
    )
    .bind(node)
    .bind(keys)
    .execute(pool)
    .await?;
    Ok(())
}

/// What servers wrote down, by their numbers; those that are gone by now too.
pub(super) async fn announced(
    connection: &mut AnyConnection,
) -> Result<Vec<(i64, String)>, sqlx::Error> {
    let rows = sqlx::query("SELECT node, keys FROM server_keys ORDER BY node")
        .fetch_all(connection)
        .await?;
    rows.iter()
        .map(|row| Ok((row.try_get("node")?, row.try_get("keys")?)))
        .collect()
}
