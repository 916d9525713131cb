//! Which merge requests were drafts. Gitee says of each whether it is one, but not that it is one
//! no more. So one that was a draft for longer than the cache remembers, or from before it was
//! lost, is made ready unseen, until somebody pushes to it: to take every update that nothing is
//! known of for that would announce merge requests whenever somebody is assigned to them.

use push_notify_sdk::{cache, crypto};

/// From the last time that anybody touched it: as long as the engine keeps anything.
const KEPT_S: u32 = 7 * 24 * 60 * 60;
const DRAFT: &[u8] = b"draft";

/// Notes what the merge request is, and tells whether this delivery is the first in which it is no
/// draft any more; also when the same comes again. Where the cache has forgotten, it never was one.
pub(crate) fn is_made_ready(url: &str, number: u64, is_draft: bool, json: &[u8]) -> bool {
    let place = crypto::sha256(format!("{url}\n{number}"));
    let key = format!("draft:{}", crypto::hex(place));
    if is_draft {
        cache::set(&key, DRAFT, KEPT_S);
        return false;
    }
    let Some(known) = cache::get(&key) else {
        return false;
    };
    let digest = crypto::sha256(json);
    if known == DRAFT {
        cache::set(&key, &digest, KEPT_S);
        return true;
    }
    known == digest
}
