//! What the engine itself shows at a host comes back as events, of which nobody is to be told.

use crate::Rejection;

/// How each mark at the end of what the engine says there begins, in whatever hides it.
pub const OWN_MARK: &str = "push-notify:";
/// What hides a mark, before it and behind it: a comment of HTML's.
pub const HTML_COMMENT: (&str, &str) = ("<!-- ", " -->");
/// The same at a host that shows such comments: a link's definition that nothing refers to.
pub const LINK_DEFINITION: (&str, &str) = ("[//]: # \"", "\"");
/// The name of the engine's status of a commit.
pub const OWN_STATUS: &str = "push-notify/review";

/// Refuses what ends with a mark. One in the middle is quoted by somebody else.
pub fn not_ours(text: &str) -> Result<(), Rejection> {
    let last = text.trim_end().lines().next_back().unwrap_or_default();
    let hides = |(before, behind): (&str, &str)| {
        let mark = last.strip_prefix(before);
        mark.is_some_and(|mark| mark.starts_with(OWN_MARK)) && last.ends_with(behind)
    };
    match hides(HTML_COMMENT) || hides(LINK_DEFINITION) {
        true => Err(Rejection::Ignored("a comment of our own".to_owned())),
        false => Ok(()),
    }
}
