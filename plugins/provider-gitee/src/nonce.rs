//! Which body a signature came with.

use crate::signature::WINDOW_MS;
use push_notify_sdk::{cache, crypto};

/// A time up to an hour ahead holds until an hour after it; a little more than that.
const KEPT_S: u32 = (2 * WINDOW_MS / 1000) as u32 + 60;

/// Whether this signature is new, or came with the same body before: what is sent again is
/// recognised later on. Where the cache has forgotten, the signature counts as new.
pub(crate) fn is_first_or_same(url: &str, timestamp: &str, sign: &str, body: &[u8]) -> bool {
    // Repositories that share a secret may well sign at the same millisecond.
    let pair = crypto::sha256(format!("{url}\n{timestamp}\n{sign}"));
    let key = format!("sign:{}", crypto::hex(pair));
    let digest = crypto::sha256(body);
    cache::add(&key, &digest, KEPT_S)
        || cache::get(&key).is_none_or(|first| crypto::equal(first, &digest))
}
