//! What is kept of an accepted body. Some hosts repeat in it what proves a delivery: Gitee its password and signature, old Giteas their
//! secret.

use super::context::Route;
use memchr::memmem;
use percent_encoding::percent_decode_str;
use push_notify_host::{SecretValue, Webhook};
use std::borrow::Cow;
use url::form_urlencoded::byte_serialize;

/// A shorter one is too likely to occur by chance, but hardly as a whole string.
const SHORTEST: usize = 8;
const HIDDEN: &str = "******";

/// The body without the repository's secrets, and without what the headers carry as a token or signature.
pub(super) fn body<'a>(route: &Route, webhook: &'a Webhook) -> Cow<'a, [u8]> {
    let secrets = route.settings.secrets.iter();
    let secrets = secrets.map(|(_, value)| Cow::Borrowed(SecretValue::expose(value)));
    let headers = webhook.headers.iter();
    let proofs = headers
        .filter(|(name, _)| name.contains("token") || name.contains("signature"))
        .flat_map(|(_, value)| [Cow::Borrowed(value.as_str()), percent_decoded(value)]);
    without(&webhook.body, secrets.chain(proofs))
}

/// A header may be encoded for a URL, while the body repeats it as it was.
fn percent_decoded(value: &str) -> Cow<'_, str> {
    percent_decode_str(value).decode_utf8_lossy()
}

fn without<'a, 'b>(body: &'a [u8], values: impl Iterator<Item = Cow<'b, str>>) -> Cow<'a, [u8]> {
    let is_form = !body.trim_ascii_start().starts_with(b"{");
    let mut body = Cow::Borrowed(body);
    let mut seen = Vec::new();
    for value in values.filter(|value| !value.is_empty()) {
        if !seen.contains(&value) {
            for (written, hidden) in ways_to_write(&value, is_form) {
                if let Some(rest) = replaced(&body, written.as_bytes(), hidden.as_bytes()) {
                    body = Cow::Owned(rest);
                }
            }
            seen.push(value);
        }
    }
    body
}

/// How the body may write a value, and what is kept in its place.
fn ways_to_write(value: &str, is_form: bool) -> Vec<(String, String)> {
    let quoted = serde_json::Value::from(value).to_string();
    let mut ways = match value.len() {
        ..SHORTEST => vec![(quoted, format!("\"{HIDDEN}\""))],
        _ => {
            let inside = quoted[1..quoted.len() - 1].to_owned();
            vec![
                (value.to_owned(), HIDDEN.to_owned()),
                (inside, HIDDEN.to_owned()),
            ]
        }
    };
    if is_form {
        let encoded = |text: &str| byte_serialize(text.as_bytes()).collect::<String>();
        for (written, hidden) in ways.clone() {
            ways.push((encoded(&written), encoded(&hidden)));
        }
    }
    ways.dedup();
    ways
}

/// None: it does not occur.
fn replaced(body: &[u8], value: &[u8], hidden: &[u8]) -> Option<Vec<u8>> {
    let finder = memmem::Finder::new(value);
    finder.find(body)?;
    let mut out = Vec::with_capacity(body.len());
    let mut done = 0;
    for at in finder.find_iter(body) {
        out.extend_from_slice(&body[done..at]);
        out.extend_from_slice(hidden);
        done = at + value.len();
    }
    out.extend_from_slice(&body[done..]);
    Some(out)
}

#[cfg(test)]
mod tests;
