use parking_lot::Mutex;
use std::{
    net::IpAddr,
    sync::Arc,
    time::{Duration, Instant},
};

/// Interfaces come and go while the server runs; asking the system for them takes some tens of
/// microseconds.
const REFRESH_INTERVAL: Duration = Duration::from_secs(30);

/// The addresses of this machine's network interfaces. Those that only a translating router knows
/// are not among them.
#[derive(Debug, Clone, Default)]
pub(super) struct OwnAddresses(Arc<Mutex<Known>>);

#[derive(Debug, Default)]
struct Known {
    addresses: Vec<IpAddr>,
    /// None: ask at the next look.
    fresh_until: Option<Instant>,
}

impl OwnAddresses {
    pub(super) fn contains(&self, ip: IpAddr) -> bool {
        let now = Instant::now();
        let mut known = self.0.lock();
        if known.fresh_until.is_none_or(|until| now >= until) {
            match if_addrs::get_if_addrs() {
                Ok(interfaces) => {
                    known.addresses = interfaces.iter().map(if_addrs::Interface::ip).collect();
                }
                Err(error) => {
                    tracing::warn!(%error, "the addresses of this machine cannot be listed; those known before count");
                }
            }
            known.fresh_until = Some(now + REFRESH_INTERVAL);
        }
        known.addresses.contains(&ip)
    }

    #[cfg(test)]
    pub(super) fn fixed(addresses: Vec<IpAddr>) -> Self {
        let fresh_until = Some(Instant::now() + Duration::from_secs(3600));
        Self(Arc::new(Mutex::new(Known {
            addresses,
            fresh_until,
        })))
    }
}
