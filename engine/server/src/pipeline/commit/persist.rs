use super::{
    committer::{CommitError, Committer},
    settle::Settlement,
};
use crate::app::App;
use push_notify_db::Fault;
use std::time::Duration;

const FIRST_WAIT: Duration = Duration::from_millis(100);
const LONGEST_WAIT: Duration = Duration::from_secs(2);

impl Committer {
    /// As [`Committer::settle`], but while the database takes nothing it is tried again, until the
    /// lease ends: what was sent and is not recorded would be sent once more.
    pub(in crate::pipeline) async fn persist(
        &self,
        app: &App,
        settlements: Vec<Settlement>,
    ) -> Result<(), CommitError> {
        let mut wait = FIRST_WAIT;
        loop {
            let error = match self.settle(settlements.clone()).await {
                Err(error) if error.may_pass() => error,
                done => return done,
            };
            let next_us = app.clock.now_us() + wait.as_micros() as i64;
            let lease = settlements.first().map(|settlement| settlement.lease);
            if lease.is_none_or(|lease| next_us >= lease.until) {
                return Err(error);
            }
            tokio::time::sleep(wait).await;
            wait = (wait * 2).min(LONGEST_WAIT);
        }
    }
}

impl CommitError {
    fn may_pass(&self) -> bool {
        match self {
            Self::Full => true,
            Self::Stopped => false,
            Self::Database(error) => Fault::of(error).is_some(),
        }
    }
}
