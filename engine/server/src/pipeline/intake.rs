//! Room in memory for the bodies of deliveries.

use super::Refusal;
use crate::config::Config;
use std::{sync::Arc, time::Duration};
use tokio::sync::{AcquireError, OwnedSemaphorePermit, Semaphore};

/// How long a body waits for room.
const PATIENCE: Duration = Duration::from_secs(10);

/// Who delivers, as far as that is known before the delivery is authenticated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Caller {
    /// Somebody who knows the secret id of a webhook.
    Invited,
    /// Anybody.
    Stranger,
}

/// Each permit is a KiB.
pub(super) struct Intake {
    whole: Arc<Semaphore>,
    /// The part that strangers share, so that they cannot keep others out.
    strangers: Arc<Semaphore>,
    most_kib: u32,
    most_kib_of_strangers: u32,
    largest_body: usize,
}

/// Room that is taken until this is dropped.
pub struct Room {
    _share: Option<OwnedSemaphorePermit>,
    _whole: OwnedSemaphorePermit,
}

impl Intake {
    pub(super) fn new(config: &Config) -> Self {
        let most_kib = config.webhook.memory_mib.saturating_mul(1024);
        let most_kib_of_strangers = (most_kib / 4).max(1);
        Self {
            whole: Arc::new(Semaphore::new(most_kib as usize)),
            strangers: Arc::new(Semaphore::new(most_kib_of_strangers as usize)),
            most_kib,
            most_kib_of_strangers,
            largest_body: config.server.max_webhook_bytes,
        }
    }

    /// Waits for room for a body of this many bytes. A body of unknown length takes as much as the largest.
    pub(super) async fn room(
        &self,
        length: Option<usize>,
        caller: Caller,
    ) -> Result<Room, Refusal> {
        let bytes = length.unwrap_or(self.largest_body).min(self.largest_body);
        let kib = u32::try_from(bytes.div_ceil(1024).max(1)).unwrap_or(u32::MAX);
        let taken = async {
            let (share, kib) = match caller {
                Caller::Invited => (None, kib.min(self.most_kib)),
                Caller::Stranger => {
                    let kib = kib.min(self.most_kib_of_strangers);
                    (
                        Some(self.strangers.clone().acquire_many_owned(kib).await?),
                        kib,
                    )
                }
            };
            Ok::<_, AcquireError>(Room {
                _share: share,
                _whole: self.whole.clone().acquire_many_owned(kib).await?,
            })
        };
        tokio::time::timeout(PATIENCE, taken)
            .await
            .map_err(|_| Refusal::Full)?
            .map_err(|_| Refusal::Full)
    }
}
