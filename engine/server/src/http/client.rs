//! Where a request comes from.

use axum::{
    extract::{ConnectInfo, FromRequestParts},
    http::{HeaderMap, header, request::Parts},
};
use ipnet::IpNet;
use std::{
    convert::Infallible,
    net::{IpAddr, SocketAddr},
};

const FORWARDED_FOR: &str = "x-forwarded-for";
/// Of a user agent, in characters.
const LONGEST: usize = 300;

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Client {
    /// The peer; behind a trusted proxy, whom it speaks for.
    pub ip: Option<IpAddr>,
    pub user_agent: Option<String>,
}

impl Client {
    pub(super) fn of(
        peer: Option<&ConnectInfo<SocketAddr>>,
        headers: &HeaderMap,
        trusted: &[IpNet],
    ) -> Self {
        let peer = peer.map(|ConnectInfo(address)| address.ip().to_canonical());
        let user_agent = headers.get(header::USER_AGENT);
        Self {
            ip: peer.map(|peer| behind(peer, headers, trusted)),
            user_agent: user_agent
                .map(|value| String::from_utf8_lossy(value.as_bytes()))
                .map(|value| {
                    value
                        .chars()
                        .filter(|c| !c.is_control())
                        .take(LONGEST)
                        .collect()
                }),
        }
    }
}

/// The last address of the chain that no trusted proxy has: whatever stands before it, anybody can have written.
fn behind(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    let is_trusted = |address: &IpAddr| trusted.iter().any(|net| net.contains(address));
    let mut client = peer;
    let lines = headers.get_all(FORWARDED_FOR).iter().rev();
    let hops = lines
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.rsplit(','));
    for hop in hops {
        if !is_trusted(&client) {
            break;
        }
        match hop.trim().parse::<IpAddr>() {
            Ok(address) => client = address.to_canonical(),
            Err(_) => break,
        }
    }
    client
}

impl<S: Send + Sync> FromRequestParts<S> for Client {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.get::<Self>().cloned().unwrap_or_default())
    }
}

#[cfg(test)]
mod tests;
