//! Addresses of Git repositories.

use crate::http::Text;
use url::Url;

/// An `http`, `https` or `ssh` URL, or `user@host:path`, without credentials in it.
pub(super) fn check(text: &str) -> Result<(), Text> {
    let shape = || {
        Text::new(
            "必须是HTTP(S)或SSH仓库地址",
            "must be the http(s), ssh:// or user@host:path address of a repository",
        )
    };
    if text.contains(char::is_whitespace) {
        return Err(shape());
    }
    if let Some((before, path)) = text.split_once(':').filter(|_| !text.contains("://")) {
        let host = before.rsplit_once('@').map_or(before, |(_, host)| host);
        let user = before.rsplit_once('@').map(|(user, _)| user);
        let sound = is_host(host) && !path.is_empty() && user.is_some_and(is_user);
        return if sound { Ok(()) } else { Err(shape()) };
    }
    let url = Url::parse(text).map_err(|_| shape())?;
    let has_path = !url.path().trim_matches('/').is_empty();
    if url.host_str().is_none_or(str::is_empty) || !has_path {
        return Err(shape());
    }
    let secret_user = !url.username().is_empty() && url.scheme() != "ssh";
    match url.scheme() {
        "http" | "https" | "ssh" if url.password().is_none() && !secret_user => Ok(()),
        "http" | "https" | "ssh" => Err(Text::new(
            "不能包含用户名或密码，请使用access_token字段",
            "must not hold a user name or password: use access_token",
        )),
        _ => Err(shape()),
    }
}

/// Scheme, host and port: what an access token may be sent to.
pub(super) fn origin(text: &str) -> String {
    if text.contains("://") {
        let url = Url::parse(text).ok();
        return url.map_or_else(String::new, |url| {
            let host = url.host_str().unwrap_or_default();
            format!(
                "{}://{host}:{:?}",
                url.scheme(),
                url.port_or_known_default()
            )
        });
    }
    let before = text.split(':').next().unwrap_or_default();
    let host = before.rsplit('@').next().unwrap_or_default();
    format!("ssh://{}:", host.to_ascii_lowercase())
}

fn is_host(text: &str) -> bool {
    let letter = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-');
    !text.is_empty() && text.chars().all(letter)
}

fn is_user(text: &str) -> bool {
    let letter = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    !text.is_empty() && text.chars().all(letter)
}

#[cfg(test)]
mod tests;
