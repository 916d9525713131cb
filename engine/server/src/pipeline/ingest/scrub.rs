//! What is kept of an accepted body, and shown of any delivery. Some hosts repeat in the body what
//! proves a delivery: Gitee its password and signature, old Giteas their secret.

use crate::http::extract::without_bom;
use memchr::memmem;
use percent_encoding::percent_decode_str;
use push_notify_host::{Settings, Webhook};
use std::borrow::Cow;
use url::form_urlencoded::byte_serialize;

/// A shorter one is too likely to occur by chance, but hardly as a whole string.
const SHORTEST: usize = 8;
const HIDDEN: &str = "******";

/// Headers with one of these in their name carry a proof.
const PROVING: [&str; 6] = [
    "token",
    "signature",
    "secret",
    "authorization",
    "password",
    "cookie",
];

/// The body without the repository's secrets, and without what the headers carry as a token or
/// signature.
pub(in crate::pipeline) fn body<'a>(settings: &[&Settings], webhook: &'a Webhook) -> Cow<'a, [u8]> {
    let headers = webhook.headers.iter();
    let proofs = headers
        .filter(|(name, _)| name.contains("token") || name.contains("signature"))
        .flat_map(|(_, value)| [Cow::Borrowed(value.as_str()), percent_decoded(value)]);
    without(
        &webhook.body,
        secrets(settings).map(Cow::Borrowed).chain(proofs),
    )
}

/// The headers without what proves the delivery.
pub(in crate::pipeline) fn headers(
    settings: &[&Settings],
    webhook: &Webhook,
) -> Vec<(String, String)> {
    let shown = |(name, value): &(String, String)| {
        let holds = |secret: &str| !secret.is_empty() && value.contains(secret);
        let value = match proves(name) || secrets(settings).any(holds) {
            true => HIDDEN.to_owned(),
            false => value.clone(),
        };
        (name.clone(), value)
    };
    webhook.headers.iter().map(shown).collect()
}

/// The headers by which a delivery may be proved, with the times and ids that are signed.
pub(in crate::pipeline) fn proofs(webhook: &Webhook) -> impl Iterator<Item = &(String, String)> {
    let headers = webhook.headers.iter();
    headers.filter(|(name, _)| proves(name) || name.contains("timestamp") || name == "webhook-id")
}

fn proves(name: &str) -> bool {
    PROVING.iter().any(|part| name.contains(part))
}

fn secrets<'a>(settings: &'a [&Settings]) -> impl Iterator<Item = &'a str> {
    let secrets = settings.iter().flat_map(|settings| &settings.secrets);
    secrets.map(|(_, value)| value.expose())
}

/// A header may be encoded for a URL, while the body repeats it as it was.
fn percent_decoded(value: &str) -> Cow<'_, str> {
    percent_decode_str(value).decode_utf8_lossy()
}

fn without<'a, 'b>(body: &'a [u8], values: impl Iterator<Item = Cow<'b, str>>) -> Cow<'a, [u8]> {
    let is_form = !without_bom(body).trim_ascii_start().starts_with(b"{");
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
