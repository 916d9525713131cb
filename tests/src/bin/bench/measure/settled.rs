use crate::{
    child::Role,
    far_side,
    server::{Repo, Server},
};
use anyhow::ensure;
use std::time::{Duration, Instant};

const LOOK_EVERY: Duration = Duration::from_millis(5);
const PATIENCE: Duration = Duration::from_secs(60);

/// Waits until the far side has taken `expected` messages and no push of the repository is under way.
pub(super) async fn settled(
    server: &Server,
    repo: &Repo,
    far: &Role,
    expected: u64,
) -> anyhow::Result<()> {
    let started = Instant::now();
    while far_side::count(far.address)? < expected || server.pushes(repo, "pending").await? > 0 {
        let late = started.elapsed() > PATIENCE;
        server.explain(match late {
            true => Err(anyhow::anyhow!(
                "{} of {expected} messages arrived",
                far_side::count(far.address)?
            )),
            false => Ok(()),
        })?;
        tokio::time::sleep(LOOK_EVERY).await;
    }
    ensure!(
        far_side::count(far.address)? == expected,
        "messages arrived twice"
    );
    Ok(())
}
