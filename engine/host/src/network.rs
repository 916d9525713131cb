mod own;
#[cfg(test)]
mod tests;

use own::OwnAddresses;

use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
};

/// Which addresses plugins reach: public ones of other machines, and those that the operator lists.
#[derive(Debug, Clone, Default)]
pub struct NetworkPolicy {
    allow: Vec<IpNet>,
    own: OwnAddresses,
}

/// An address that is off limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Denied {
    ip: IpAddr,
    /// What would have to be listed; of one of this machine's own addresses, that address.
    range: IpNet,
}

/// Why a name leads nowhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum NoRoute {
    Denied(Denied),
    Unknown(String),
}

impl NetworkPolicy {
    /// `allow`: what is reachable besides the public addresses of other machines.
    pub fn new(allow: Vec<IpNet>) -> Self {
        Self {
            allow,
            own: OwnAddresses::default(),
        }
    }

    pub(crate) fn check(&self, ip: IpAddr) -> Result<(), Denied> {
        // An IPv4 address in IPv6 clothes connects to the IPv4 address.
        let plain = ip.to_canonical();
        // What this machine serves on its public address is often meant for itself only.
        let own = || self.own.contains(plain).then(|| IpNet::from(plain));
        let Some(range) = private_range(plain).or_else(own) else {
            return Ok(());
        };
        if self
            .allow
            .iter()
            .any(|net| net.contains(&plain) || net.contains(&ip))
        {
            return Ok(());
        }
        Err(Denied { ip: plain, range })
    }

    /// The addresses of `host` that may be connected to. Those, and no others, must be used: asking
    /// DNS again could give others.
    pub(crate) async fn resolve(&self, host: &str, port: u16) -> Result<Vec<SocketAddr>, NoRoute> {
        let found = match literal(host) {
            Some(ip) => vec![SocketAddr::new(ip, port)],
            None => tokio::net::lookup_host((host, port))
                .await
                .map_err(|problem| NoRoute::Unknown(problem.to_string()))?
                .collect(),
        };
        let mut denied = None;
        let mut vetted = Vec::with_capacity(found.len());
        for address in found {
            match self.check(address.ip()) {
                Ok(()) => vetted.push(address),
                Err(problem) => denied = Some(problem),
            }
        }
        match denied {
            _ if !vetted.is_empty() => Ok(vetted),
            Some(problem) => Err(NoRoute::Denied(problem)),
            None => Err(NoRoute::Unknown("the name has no address".to_owned())),
        }
    }
}

impl fmt::Display for Denied {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { ip, range } = self;
        if range.prefix_len() == range.max_prefix_len() && private_range(*ip).is_none() {
            return write!(
                f,
                "{ip} is an address of this server itself: add \"{range}\" to network.allow"
            );
        }
        write!(
            f,
            "{ip} is a private address: add \"{range}\" or the like to network.allow"
        )
    }
}

impl fmt::Display for NoRoute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Denied(denied) => denied.fmt(f),
            Self::Unknown(problem) => f.write_str(problem),
        }
    }
}

impl std::error::Error for NoRoute {}

fn literal(host: &str) -> Option<IpAddr> {
    host.trim_start_matches('[')
        .trim_end_matches(']')
        .parse()
        .ok()
}

fn private_range(ip: IpAddr) -> Option<IpNet> {
    match ip {
        IpAddr::V4(ip) => V4
            .iter()
            .find(|net| net.contains(&ip))
            .map(|net| IpNet::V4(*net)),
        IpAddr::V6(ip) => V6
            .iter()
            .find(|net| net.contains(&ip))
            .map(|net| IpNet::V6(*net)),
    }
}

const fn v4(a: u8, b: u8, c: u8, length: u8) -> Ipv4Net {
    Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, 0), length)
}

const fn v6(a: u16, b: u16, c: u16, length: u8) -> Ipv6Net {
    Ipv6Net::new_assert(Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0), length)
}

/// The IANA special-purpose registry, wider than what std's `is_*` methods cover.
const V4: [Ipv4Net; 15] = [
    v4(0, 0, 0, 8),
    v4(10, 0, 0, 8),
    // Shared address space; a cloud's metadata service lives in it at 100.100.100.200.
    v4(100, 64, 0, 10),
    v4(127, 0, 0, 8),
    // Link-local, with most clouds' metadata service at 169.254.169.254.
    v4(169, 254, 0, 16),
    v4(172, 16, 0, 12),
    v4(192, 0, 0, 24),
    v4(192, 0, 2, 24),
    v4(192, 88, 99, 24),
    v4(192, 168, 0, 16),
    v4(198, 18, 0, 15),
    v4(198, 51, 100, 24),
    v4(203, 0, 113, 24),
    v4(224, 0, 0, 4),
    v4(240, 0, 0, 4),
];

/// From the narrow to the wide: the first that fits is named in the refusal.
const V6: [Ipv6Net; 18] = [
    Ipv6Net::new_assert(Ipv6Addr::LOCALHOST, 128),
    // Unspecified and IPv4-compatible; mapped addresses are judged as IPv4 before they come here.
    v6(0, 0, 0, 96),
    // Translated by RFC 2765: `::ffff:0:a.b.c.d`.
    Ipv6Net::new_assert(Ipv6Addr::new(0, 0, 0, 0, 0xffff, 0, 0, 0), 96),
    // Translation prefixes: an IPv4 address of any kind is inside.
    v6(0x64, 0xff9b, 0, 96),
    v6(0x64, 0xff9b, 1, 48),
    v6(0x100, 0, 0, 64),
    // Protocol assignments, Teredo and benchmarking among them.
    v6(0x2001, 0, 0, 23),
    v6(0x2001, 0xdb8, 0, 32),
    v6(0x2002, 0, 0, 16),
    v6(0x3fff, 0, 0, 20),
    v6(0x5f00, 0, 0, 16),
    v6(0xfc00, 0, 0, 7),
    v6(0xfe80, 0, 0, 10),
    v6(0xfec0, 0, 0, 10),
    v6(0xff00, 0, 0, 8),
    // All that is not global unicast, 2000::/3.
    v6(0, 0, 0, 3),
    v6(0x4000, 0, 0, 2),
    v6(0x8000, 0, 0, 1),
];
