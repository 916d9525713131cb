//! Where a request comes from.

use crate::shares::network;
use axum::{
    extract::{ConnectInfo, FromRequestParts},
    http::{HeaderMap, HeaderName, header, request::Parts},
};
use ipnet::IpNet;
use push_notify_core::config::{ProxyHeader, Server};
use std::{
    convert::Infallible,
    net::{IpAddr, SocketAddr},
};

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
/// Of a user agent, in characters.
const LONGEST: usize = 300;

/// Who is believed about whom he speaks for, and where he says it.
#[derive(Debug, Clone, Default)]
pub struct Proxies {
    trusted: Vec<IpNet>,
    header: ProxyHeader,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Client {
    /// The peer; behind a trusted proxy, whom it speaks for.
    pub ip: Option<IpAddr>,
    /// The peer is a trusted proxy, which speaks for many.
    pub is_behind: bool,
    pub user_agent: Option<String>,
}

impl Proxies {
    pub fn of(server: &Server) -> Self {
        Self {
            trusted: server.trusted_proxies.clone(),
            header: server.proxy_header,
        }
    }

    fn trusts(&self, address: &IpAddr) -> bool {
        self.trusted.iter().any(|net| net.contains(address))
    }

    /// The last address of the chain that no trusted proxy has: whatever stands before it, anybody
    /// can have written.
    fn behind(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let mut client = peer;
        if !self.trusts(&client) {
            return client;
        }
        let name = match self.header {
            ProxyHeader::XForwardedFor => FORWARDED_FOR,
            ProxyHeader::Forwarded => header::FORWARDED,
        };
        let lines = headers.get_all(name).iter().rev();
        let hops = lines
            // What is no text could hide a hop: nothing before it counts.
            .flat_map(|line| elements(line.to_str().unwrap_or("unknown")));
        for hop in hops {
            if !self.trusts(&client) {
                break;
            }
            let node = match self.header {
                ProxyHeader::XForwardedFor => Some(hop),
                ProxyHeader::Forwarded => forwarded_for(hop),
            };
            match node.and_then(address) {
                Some(address) => client = address,
                None => break,
            }
        }
        client
    }
}

impl Client {
    pub fn of(
        peer: Option<&ConnectInfo<SocketAddr>>,
        headers: &HeaderMap,
        proxies: &Proxies,
    ) -> Self {
        let peer = peer.map(|ConnectInfo(address)| address.ip().to_canonical());
        let user_agent = headers.get(header::USER_AGENT);
        Self {
            ip: peer.map(|peer| proxies.behind(peer, headers)),
            is_behind: peer.is_some_and(|peer| proxies.trusts(&peer)),
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

impl Client {
    /// What counts as one where somebody could otherwise come from one address after another.
    pub fn network(&self) -> IpAddr {
        network(self.ip)
    }
}

/// What commas separate that are in no quotation, from the right: what anybody can have written
/// before a proxy's own word cannot change how that is read. Empty ones are nothing: some proxies
/// leave a comma at an end.
fn elements(line: &str) -> impl Iterator<Item = &str> {
    rsplit(line, b',').filter(|element| !element.is_empty())
}

fn rsplit(text: &str, at: u8) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        let bytes = text.as_bytes();
        let is_escaped = |end: usize| {
            let before = bytes.iter().take(end).rev();
            before.take_while(|&&byte| byte == b'\\').count() % 2 == 1
        };
        let mut quoted = false;
        let cut = (0..bytes.len()).rev().find(|&index| {
            match bytes.get(index) {
                Some(b'"') if !is_escaped(index) => quoted = !quoted,
                Some(&byte) => return byte == at && !quoted,
                None => {}
            }
            false
        });
        let (before, part) = match cut {
            Some(cut) => (text.get(..cut), text.get(cut + 1..)),
            None => (None, Some(text)),
        };
        rest = before;
        part.map(str::trim)
    })
}

/// The parameter `for` of an element of `Forwarded` (RFC 7239, section 4).
fn forwarded_for(element: &str) -> Option<&str> {
    rsplit(element, b';').find_map(|pair| {
        let (name, value) = pair.split_once('=')?;
        name.trim()
            .eq_ignore_ascii_case("for")
            .then(|| value.trim())
    })
}

/// Of a node as proxies write it: with or without a port, brackets and quotation marks. Names that
/// hide somebody, and `unknown`, are none.
fn address(node: &str) -> Option<IpAddr> {
    let node = node.trim();
    let node = node
        .strip_prefix('"')
        .and_then(|node| node.strip_suffix('"'))
        .unwrap_or(node)
        .trim();
    let bare = match node.strip_prefix('[') {
        Some(rest) => {
            let (address, port) = rest.split_once(']')?;
            let is_port = port.is_empty() || port.strip_prefix(':').is_some_and(is_port);
            is_port.then_some(address)?
        }
        None => match node.split_once(':') {
            // One colon: an IPv4 address and its port.
            Some((address, port)) if is_port(port) => address,
            _ => node,
        },
    };
    // Of a link-local address; it means nothing here.
    let bare = bare.split_once('%').map_or(bare, |(address, _)| address);
    bare.parse()
        .ok()
        .map(|address: IpAddr| address.to_canonical())
}

/// Digits; or a name that hides it (RFC 7239, section 6).
fn is_port(text: &str) -> bool {
    let hidden = text.strip_prefix('_');
    match hidden {
        Some(name) => name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte)),
        None => {
            !text.is_empty() && text.len() <= 5 && text.bytes().all(|byte| byte.is_ascii_digit())
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Client {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.get::<Self>().cloned().unwrap_or_default())
    }
}

#[cfg(test)]
mod tests;
