//! Addresses of Git repositories.

use crate::http::Text;
use push_notify_host::{GitAddress, GitAddressError, GitScheme};

/// An `http`, `https` or `ssh` URL, or `user@host:path`, without credentials in it.
pub(super) fn check(text: &str) -> Result<(), Text> {
    GitAddress::parse(text)
        .map(|_| ())
        .map_err(|problem| match problem {
            GitAddressError::Shape => Text::new(
                "必须是HTTP(S)或SSH仓库地址",
                "must be the http(s), ssh:// or user@host:path address of a repository",
            ),
            GitAddressError::Credentials => Text::new(
                "不能包含用户名或密码，请使用access_token字段",
                "must not hold a user name or password: use access_token",
            ),
        })
}

/// Scheme, host and port: what an access token may be sent to. None of an address that can be read in two ways.
pub(super) fn origin(text: &str) -> Option<(GitScheme, String, Option<u16>)> {
    let address = GitAddress::parse(text).ok()?;
    Some((address.scheme, address.host, address.port))
}

#[cfg(test)]
mod tests;
