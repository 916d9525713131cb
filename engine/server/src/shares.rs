//! How much of something each address has, with a bound for one of them. The addresses of one IPv6
//! network are one.

use parking_lot::{Mutex, MutexGuard};
use std::{
    collections::HashMap,
    net::{IpAddr, Ipv6Addr},
};

/// Only those who have something are remembered.
pub struct Shares {
    most: u64,
    of: Mutex<HashMap<IpAddr, u64>>,
}

impl Shares {
    pub fn new(most: u64) -> Self {
        Self {
            most,
            of: Mutex::default(),
        }
    }

    /// Whether the network could be given so much more. It is to be given back.
    pub fn take(&self, network: IpAddr, amount: u64) -> bool {
        let mut all = self.lock();
        let has = all.get(&network).copied().unwrap_or_default();
        let will_have = has.saturating_add(amount);
        if will_have > self.most {
            return false;
        }
        all.insert(network, will_have);
        true
    }

    pub fn give_back(&self, network: IpAddr, amount: u64) {
        let mut all = self.lock();
        if let Some(has) = all.get_mut(&network) {
            *has = has.saturating_sub(amount);
            if *has == 0 {
                all.remove(&network);
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<IpAddr, u64>> {
        // Nothing that holds it can panic half-way.
        self.of.lock()
    }
}

/// Whom an address belongs to: nobody has a single IPv6 address. All callers without an address are
/// one.
pub fn network(address: Option<IpAddr>) -> IpAddr {
    match address {
        Some(IpAddr::V6(v6)) => match v6.to_ipv4_mapped() {
            Some(v4) => IpAddr::V4(v4),
            None => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() >> 64 << 64)),
        },
        Some(v4) => v4,
        None => IpAddr::V6(Ipv6Addr::UNSPECIFIED),
    }
}

#[cfg(test)]
mod tests;
