use push_notify_core::{clock::Clock, config};
use push_notify_db::{Attached, Db, DbError};
use push_notify_tests::{Backend, Database};
use tempfile::TempDir;

/// A database that nothing but the server's schema is in.
pub struct Fresh {
    settings: config::Database,
    dir: TempDir,
    _database: Database,
}

impl Fresh {
    pub async fn create(on: Backend) -> Self {
        let dir = tempfile::tempdir().expect("a folder");
        let database = Database::create(on, dir.path()).await;
        let mut config = config::load(None).expect("the defaults are sound");
        config.database.url.clone_from(&database.url);
        let fresh = Self {
            settings: config.database,
            dir,
            _database: database,
        };
        fresh.start().await.expect("it is made");
        fresh
    }

    /// What a server does with it when it starts.
    pub async fn start(&self) -> Result<(), DbError> {
        let db = Db::open(&self.settings, self.dir.path(), &Clock::default()).await?;
        db.close().await;
        Ok(())
    }

    /// What a command opens that runs beside a server.
    pub async fn attach(&self) -> Result<Attached, DbError> {
        Attached::open(&self.settings, self.dir.path()).await
    }

    /// The first column of the rows that this finds, without order.
    pub async fn texts(&self, sql: &'static str) -> Vec<String> {
        let mut attached = self.attach().await.expect("it can be opened");
        let texts = sqlx::query_scalar(sql)
            .fetch_all(attached.connection())
            .await
            .unwrap_or_else(|error| panic!("{sql}: {error}"));
        attached.close().await.expect("it was open");
        texts
    }

    /// Runs statements.
    pub async fn run(&self, sql: &'static str) {
        let mut attached = self.attach().await.expect("it can be opened");
        sqlx::raw_sql(sql)
            .execute(attached.connection())
            .await
            .unwrap_or_else(|error| panic!("{sql}: {error}"));
        attached.close().await.expect("it was open");
    }
}
