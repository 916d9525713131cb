//! Addresses of Git repositories, and of other sources.

use push_notify_core::i18n::Text;
use push_notify_host::{GitAddress, GitAddressError};
use push_notify_manifest::Manifest;

/// An `http`, `https` or `ssh` URL, or `user@host:path`, without credentials in it. Where the
/// source is no Git host, the URL of its server is enough.
pub(super) fn check(text: &str, provider: Option<&Manifest>) -> Result<(), Text> {
    let is_git_host = provider.is_none_or(Manifest::is_git_host);
    let address = match is_git_host {
        true => GitAddress::parse(text),
        false => GitAddress::parse_source(text),
    };
    address.map(|_| ()).map_err(|problem| match problem {
        GitAddressError::Shape if is_git_host => Text::new(
            "必须是HTTP(S)或SSH仓库地址",
            "must be the http(s), ssh:// or user@host:path address of a repository",
        ),
        GitAddressError::Shape => Text::new("必须是HTTP(S)地址", "must be an http(s) address"),
        GitAddressError::Credentials => Text::new(
            "不能包含用户名或密码，请使用access_token字段",
            "must not hold a user name or password: use access_token",
        ),
    })
}

/// Whether both are addresses of one project, by the same way: what an access token was given for.
/// An address that can be read in two ways is none.
pub(super) fn is_same_project(one: &str, other: &str) -> bool {
    let (one, other) = (
        GitAddress::parse_source(one),
        GitAddress::parse_source(other),
    );
    one.is_ok() && one == other
}

#[cfg(test)]
mod tests;
