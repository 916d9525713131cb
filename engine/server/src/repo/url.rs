//! Addresses of Git repositories.

use push_notify_core::i18n::Text;
use push_notify_host::{GitAddress, GitAddressError};

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

/// Whether both are addresses of one project, by the same way: what an access token was given for.
/// An address that can be read in two ways is none.
pub(super) fn is_same_project(one: &str, other: &str) -> bool {
    let (one, other) = (GitAddress::parse(one), GitAddress::parse(other));
    one.is_ok() && one == other
}

#[cfg(test)]
mod tests;
