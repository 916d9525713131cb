use crate::{
    child::Role,
    far_side,
    server::{Repo, Server},
};
use anyhow::{Context as _, ensure};
use sqlx::{AnyConnection, Connection as _};
use std::time::{Duration, Instant};

const LOOK_EVERY: Duration = Duration::from_millis(5);
const SETTLE_TIMEOUT: Duration = Duration::from_secs(60);

/// A server's records, read past the server: asking often must not cost it anything.
pub(super) struct Ledger(AnyConnection);

impl Ledger {
    /// `database` is its URL.
    pub(super) async fn open(database: &str) -> anyhow::Result<Self> {
        sqlx::any::install_default_drivers();
        let connection = AnyConnection::connect(database).await;
        connection
            .map(Self)
            .context("cannot read the server's database")
    }

    /// Waits until the far side has taken `expected` messages and no push of the repository is
    /// under way.
    pub(super) async fn settled(
        &mut self,
        server: &Server,
        repo: &Repo,
        far: &Role,
        expected: u64,
    ) -> anyhow::Result<()> {
        let started = Instant::now();
        while far_side::count(far.address)? < expected || self.pending(repo).await? {
            let late = started.elapsed() > SETTLE_TIMEOUT;
            server.explain(match late {
                true => Err(anyhow::anyhow!(
                    "{} of {expected} messages arrived",
                    far_side::count(far.address)?
                )),
                false => Ok(()),
            })?;
            tokio::time::sleep(LOOK_EVERY).await;
        }
        let count = far_side::count(far.address)?;
        ensure!(count == expected, "{count} messages for {expected} pushes");
        Ok(())
    }

    /// Fails when some push of the repository ended without success.
    pub(super) async fn all_delivered(&mut self, repo: &Repo) -> anyhow::Result<()> {
        let failed: i64 = sqlx::query_scalar(
            "SELECT COUNT(*) FROM pushes WHERE repo_id = $1 AND state <> 'delivered'",
        )
        .bind(repo.id)
        .fetch_one(&mut self.0)
        .await?;
        ensure!(failed == 0, "{failed} pushes were not delivered");
        Ok(())
    }

    /// Waits until every review has been made and shown at the Git host.
    pub(super) async fn reviewed(&mut self, server: &Server) -> anyhow::Result<()> {
        let started = Instant::now();
        while self.is_reviewing().await? {
            let late = started.elapsed() > SETTLE_TIMEOUT;
            server.explain(match late {
                true => Err(anyhow::anyhow!("reviews are still under way")),
                false => Ok(()),
            })?;
            tokio::time::sleep(LOOK_EVERY).await;
        }
        let other: Vec<(String, Option<String>, Option<String>)> = sqlx::query_as(
            "SELECT state, reason, publication_reason FROM reviews
             WHERE state <> 'completed' OR COALESCE(publication, '') <> 'published' OR publication_reason IS NOT NULL LIMIT 1",
        )
        .fetch_all(&mut self.0)
        .await?;
        ensure!(other.is_empty(), "a review went wrong: {other:?}");
        Ok(())
    }

    async fn is_reviewing(&mut self) -> anyhow::Result<bool> {
        let any: Option<i64> =
            sqlx::query_scalar("SELECT id FROM reviews WHERE step IS NOT NULL LIMIT 1")
                .fetch_optional(&mut self.0)
                .await?;
        Ok(any.is_some())
    }

    async fn pending(&mut self, repo: &Repo) -> anyhow::Result<bool> {
        let any: Option<i64> = sqlx::query_scalar(
            // The plus keeps SQLite from going through all that the repository ever sent.
            "SELECT id FROM push_queue WHERE state = 'pending' AND +repo_id = $1 LIMIT 1",
        )
        .bind(repo.id)
        .fetch_optional(&mut self.0)
        .await?;
        Ok(any.is_some())
    }
}
