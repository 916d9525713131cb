//! What the engine itself shows at a host comes back as events, of which nobody is to be told.

use crate::Rejection;

/// The start of the mark at the end of all that the engine says there.
pub const OWN_MARK: &str = "<!-- push-notify:";
/// The name of the engine's status of a commit.
pub const OWN_STATUS: &str = "push-notify/review";

/// Refuses what ends with a mark. One in the middle is quoted by somebody else.
pub fn not_ours(text: &str) -> Result<(), Rejection> {
    let last = text.trim_end().lines().next_back().unwrap_or_default();
    match last.starts_with(OWN_MARK) && last.ends_with("-->") {
        true => Err(Rejection::Ignored("a comment of our own".to_owned())),
        false => Ok(()),
    }
}
