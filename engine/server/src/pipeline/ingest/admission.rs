//! BodyPermit in memory for the bodies of deliveries, taken as they arrive: who announces a large
//! body and sends none takes nothing.

use crate::{
    pipeline::Refusal,
    shares::{Shares, network},
};
use push_notify_core::config::Config;
use std::{net::IpAddr, sync::Arc, time::Duration};
use tokio::{
    sync::{AcquireError, Semaphore},
    time::{Instant, timeout},
};

/// How long a body waits for room.
const MEMORY_TIMEOUT: Duration = Duration::from_secs(10);

/// Who delivers, as far as that is known before the delivery is authenticated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Caller {
    /// Somebody who knows the secret id of a webhook.
    Invited,
    /// Anybody, from this address.
    Stranger(Option<IpAddr>),
}

/// Each permit is a KiB.
pub(in crate::pipeline) struct Admission {
    whole: Semaphore,
    /// The part that strangers share, so that they cannot keep others out.
    strangers: Semaphore,
    /// What one of them may have of it, so that he cannot keep the others out.
    by_address: Shares,
    /// When all is taken by bodies that wait for more, one of each sort goes on nevertheless, so
    /// that it comes to its end.
    finishing_invited: Semaphore,
    finishing_stranger: Semaphore,
}

/// BodyPermit that is taken until this is dropped.
pub struct BodyPermit {
    admission: Arc<Admission>,
    caller: Caller,
    /// Taken from `whole`, and from the strangers' part where it is theirs.
    kib: u32,
    /// Besides that.
    kib_beyond: u32,
    /// Of what its address may have.
    kib_of_address: u64,
    finishing: bool,
    time_left: Duration,
}

impl Admission {
    pub(in crate::pipeline) fn new(config: &Config) -> Self {
        let most_kib = config.webhook.memory_mib.saturating_mul(1024);
        let of_strangers = (most_kib / 4).max(1);
        let largest_kib = config.server.max_webhook_bytes.div_ceil(1024) as u64;
        Self {
            whole: Semaphore::new(most_kib as usize),
            strangers: Semaphore::new(of_strangers as usize),
            by_address: Shares::new(largest_kib.max(u64::from(of_strangers / 2))),
            finishing_invited: Semaphore::new(1),
            finishing_stranger: Semaphore::new(1),
        }
    }

    pub(in crate::pipeline) fn room(self: &Arc<Self>, caller: Caller) -> BodyPermit {
        BodyPermit {
            admission: self.clone(),
            caller,
            kib: 0,
            kib_beyond: 0,
            kib_of_address: 0,
            finishing: false,
            time_left: MEMORY_TIMEOUT,
        }
    }

    fn try_take(&self, caller: Caller, kib: u32) -> bool {
        if matches!(caller, Caller::Stranger(_)) {
            let Ok(share) = self.strangers.try_acquire_many(kib) else {
                return false;
            };
            let Ok(whole) = self.whole.try_acquire_many(kib) else {
                return false;
            };
            share.forget();
            whole.forget();
            return true;
        }
        self.whole
            .try_acquire_many(kib)
            .map(|permit| permit.forget())
            .is_ok()
    }

    async fn take(&self, caller: Caller, kib: u32) -> Result<(), AcquireError> {
        let share = match caller {
            Caller::Stranger(_) => Some(self.strangers.acquire_many(kib).await?),
            Caller::Invited => None,
        };
        self.whole.acquire_many(kib).await?.forget();
        if let Some(permit) = share {
            permit.forget();
        }
        Ok(())
    }

    fn finishing(&self, caller: Caller) -> &Semaphore {
        match caller {
            Caller::Invited => &self.finishing_invited,
            Caller::Stranger(_) => &self.finishing_stranger,
        }
    }
}

impl BodyPermit {
    #[cfg(test)]
    pub(crate) fn for_tests() -> Self {
        let config = push_notify_core::config::load(None).expect("the defaults are sound");
        Arc::new(Admission::new(&config)).room(Caller::Invited)
    }

    /// Waits until there is room for so many bytes in all. Returns how long that took.
    pub async fn hold(&mut self, bytes: usize) -> Result<Duration, Refusal> {
        let needed = u32::try_from(bytes.div_ceil(1024)).unwrap_or(u32::MAX);
        let more = needed.saturating_sub(self.kib + self.kib_beyond);
        if more == 0 {
            return Ok(Duration::ZERO);
        }
        if let Caller::Stranger(address) = self.caller {
            if !self
                .admission
                .by_address
                .take(network(address), more.into())
            {
                return Err(Refusal::Full);
            }
            self.kib_of_address += u64::from(more);
        }
        if self.finishing {
            self.kib_beyond += more;
            return Ok(Duration::ZERO);
        }
        if self.admission.try_take(self.caller, more) {
            self.kib += more;
            return Ok(Duration::ZERO);
        }
        let began = Instant::now();
        let taken = timeout(self.time_left, self.wait(more)).await;
        let waited = began.elapsed();
        self.time_left = self.time_left.saturating_sub(waited);
        match taken {
            Ok(Ok(())) => Ok(waited),
            Ok(Err(_)) | Err(_) => Err(Refusal::Full),
        }
    }

    async fn wait(&mut self, kib: u32) -> Result<(), AcquireError> {
        tokio::select! {
            biased;
            taken = self.admission.take(self.caller, kib) => {
                taken?;
                self.kib += kib;
            }
            last = self.admission.finishing(self.caller).acquire() => {
                last?.forget();
                self.finishing = true;
                self.kib_beyond += kib;
            }
        }
        Ok(())
    }
}

impl Drop for BodyPermit {
    fn drop(&mut self) {
        let admission = &self.admission;
        if let Caller::Stranger(address) = self.caller {
            admission.strangers.add_permits(self.kib as usize);
            let network = network(address);
            admission.by_address.give_back(network, self.kib_of_address);
        }
        admission.whole.add_permits(self.kib as usize);
        if self.finishing {
            admission.finishing(self.caller).add_permits(1);
        }
    }
}

#[cfg(test)]
mod tests;
