//! What is kept of an accepted body. Some hosts repeat in it what proves a delivery: Gitee its password and signature, old Giteas their
//! secret.

use super::context::Route;
use memchr::memmem;
use push_notify_host::{SecretValue, Webhook};
use std::borrow::Cow;

/// Shorter ones are too likely to occur by chance.
const SHORTEST: usize = 8;
const HIDDEN: &[u8] = b"******";

/// The body without the repository's secrets, and without what the headers carry as a token or signature.
pub(super) fn body<'a>(route: &Route, webhook: &'a Webhook) -> Cow<'a, [u8]> {
    let secrets = route.settings.secrets.iter();
    let secrets = secrets.map(|(_, value)| SecretValue::expose(value));
    let headers = webhook.headers.iter();
    let proofs = headers
        .filter(|(name, _)| name.contains("token") || name.contains("signature"))
        .map(|(_, value)| value.as_str());
    without(&webhook.body, secrets.chain(proofs))
}

fn without<'a, 'b>(body: &'a [u8], values: impl Iterator<Item = &'b str>) -> Cow<'a, [u8]> {
    let mut body = Cow::Borrowed(body);
    for value in values.filter(|value| value.len() >= SHORTEST) {
        let quoted = serde_json::Value::from(value).to_string();
        let in_json = &quoted[1..quoted.len() - 1];
        for form in [value, in_json] {
            if let Some(hidden) = replaced(&body, form.as_bytes()) {
                body = Cow::Owned(hidden);
            }
        }
    }
    body
}

/// None: it does not occur.
fn replaced(body: &[u8], value: &[u8]) -> Option<Vec<u8>> {
    let finder = memmem::Finder::new(value);
    finder.find(body)?;
    let mut out = Vec::with_capacity(body.len());
    let mut done = 0;
    for at in finder.find_iter(body) {
        out.extend_from_slice(&body[done..at]);
        out.extend_from_slice(HIDDEN);
        done = at + value.len();
    }
    out.extend_from_slice(&body[done..]);
    Some(out)
}

#[cfg(test)]
mod tests;
