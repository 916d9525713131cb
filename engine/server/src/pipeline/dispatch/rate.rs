//! A target's rate over all nodes. A lane admits what its own node may send; what the nodes send
//! together is counted when it is sent.

use crate::pipeline::{deliver::send::Sender, message::Job};
use std::time::Duration;

/// A turn that is as near as this is waited for.
const NEAR: Duration = Duration::from_secs(1);

impl Sender {
    /// Fails with how long nobody may send to the job's target.
    pub(in crate::pipeline) async fn rate_permit(&self, job: &Job) -> Result<(), Duration> {
        let Some(rates) = job.aim.rules.rates else {
            return Ok(());
        };
        loop {
            match self.app.shared.rate_permit(job.aim.target_id, rates).await {
                Err(wait) if wait <= NEAR && !self.is_too_late(job) => {
                    tokio::time::sleep(wait).await;
                }
                turn => return turn,
            }
        }
    }
}
