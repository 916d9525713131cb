use sqlx::{Connection as _, PgConnection};
use std::{env, path::Path, time::Duration};

/// Which database a test runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backend {
    Sqlite,
    Postgres,
}

/// A database of the test's own; on PostgreSQL it is dropped with this.
pub struct Database {
    pub url: String,
    name: Option<String>,
}

impl Database {
    pub async fn create(backend: Backend, dir: &Path) -> Self {
        match backend {
            Backend::Sqlite => Self {
                url: format!("sqlite://{}", dir.join("push-notify.db").display()),
                name: None,
            },
            Backend::Postgres => Self::create_postgres().await,
        }
    }

    /// One that another test object drops.
    pub fn of_somebody_else(url: &str) -> Self {
        Self {
            url: url.to_owned(),
            name: None,
        }
    }

    async fn create_postgres() -> Self {
        let name = format!("test_{}", hex::encode(rand::random::<[u8; 8]>()));
        administer(&format!(r#"CREATE DATABASE "{name}""#))
            .await
            .expect("a database of the test's own");
        let mut url = url::Url::parse(&server()).expect("PUSH_NOTIFY_TEST_POSTGRES is a URL");
        url.set_path(&name);
        Self {
            url: url.into(),
            name: Some(name),
        }
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let Some(name) = self.name.take() else { return };
        // The test's own runtime may be on its way out.
        let dropping = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()?;
            let sql = format!(r#"DROP DATABASE IF EXISTS "{name}" WITH (FORCE)"#);
            runtime.block_on(async {
                tokio::time::timeout(Duration::from_secs(10), administer(&sql)).await
            })??;
            anyhow::Ok(())
        });
        if let Ok(Err(error)) = dropping.join() {
            eprintln!("a test database stays behind: {error:#}");
        }
    }
}

async fn administer(sql: &str) -> Result<(), sqlx::Error> {
    let mut connection = PgConnection::connect(&server()).await?;
    sqlx::raw_sql(sqlx::AssertSqlSafe(sql.to_owned()))
        .execute(&mut connection)
        .await?;
    connection.close().await
}

fn server() -> String {
    env::var("PUSH_NOTIFY_TEST_POSTGRES").unwrap_or_else(|_| {
        panic!(
            "PUSH_NOTIFY_TEST_POSTGRES is not set: run `make test`, or \
             `tests/services.sh run cargo test -p push-notify-tests`"
        )
    })
}
