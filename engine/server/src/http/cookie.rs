//! The refresh token of a browser, in a cookie that its scripts cannot read and that it sends to
//! `/api/v1/auth` alone, for pages of ours alone.

use super::{ApiError, describe::Input};
use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, HeaderValue, header, request::Parts},
};
use std::{convert::Infallible, net::IpAddr};

const NAME: &str = "push-notify-refresh";
const ATTRIBUTES: &str = "Path=/api/v1/auth; HttpOnly; SameSite=Strict";

/// The refresh token in the request's cookie.
pub struct Cookie(pub Option<String>);

impl<S: Sync> FromRequestParts<S> for Cookie {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(find(&parts.headers)))
    }
}

impl Input for Cookie {}

/// `Set-Cookie` for a token that is good for so many seconds, for browsers that reach this server
/// at `public_base`. None of either ends what was kept.
pub fn keep(token: &str, seconds: u64, public_base: &str) -> Result<HeaderValue, ApiError> {
    let secure = if is_plain(public_base) {
        ""
    } else {
        "; Secure"
    };
    let cookie = format!("{NAME}={token}; Max-Age={seconds}; {ATTRIBUTES}{secure}");
    HeaderValue::try_from(cookie).map_err(ApiError::internal)
}

/// Whether people reach this server without TLS, by another address than the machine's own: their
/// browsers would not keep a cookie that says `Secure`.
fn is_plain(public_base: &str) -> bool {
    let Some(rest) = public_base.strip_prefix("http://") else {
        return false;
    };
    let host = match rest.strip_prefix('[') {
        Some(rest) => rest.split(']').next(),
        None => rest.split([':', '/']).next(),
    };
    let host = host.unwrap_or_default();
    let is_loopback = host.parse().is_ok_and(|ip: IpAddr| ip.is_loopback());
    !is_loopback && host != "localhost"
}

fn find(headers: &HeaderMap) -> Option<String> {
    let cookies = headers.get_all(header::COOKIE).iter();
    cookies
        .filter_map(|cookies| cookies.to_str().ok())
        .flat_map(|cookies| cookies.split(';'))
        .filter_map(|cookie| cookie.trim().split_once('='))
        .find(|(name, value)| *name == NAME && !value.is_empty())
        .map(|(_, value)| value.to_owned())
}

#[cfg(test)]
mod tests;
