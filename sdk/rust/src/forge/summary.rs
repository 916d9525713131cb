//! The one comment on the whole.

use super::{Posted, check, inert};
use crate::{Failure, Review, ReviewComment, http::Response};
use serde::Deserialize;

/// What it says: the summary, and the comments that found no place at their lines. Those are not
/// lost where no summary is wanted.
pub fn summary(review: &Review, folded: &[u32]) -> Option<String> {
    let summary = review.summary.as_deref();
    let text = with_folded(summary.unwrap_or_default(), &review.comments, folded);
    (summary.is_some() || !text.is_empty()).then(|| inert(&text))
}

/// Shows it: in place of the one before, as long as that can be changed, else as a new comment.
/// Answers the host's id of it. Where none is known, `find` looks for one of ours among what the
/// host shows. `update` and `create` give the host's answer whatever its status.
pub fn post_summary(
    posted: &Posted,
    earlier: Option<&str>,
    find: impl FnOnce() -> Result<Option<String>, Failure>,
    update: impl FnOnce(&str) -> Result<Response, Failure>,
    create: impl FnOnce() -> Result<Response, Failure>,
) -> Result<Option<String>, Failure> {
    const PART: &str = "summary";
    let is_id = |id: &&str| !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit());
    let earlier = earlier.filter(is_id).map(str::to_owned);
    let id = match posted.id(PART).or(earlier) {
        Some(id) => Some(id),
        // The host did not say what it is called.
        None if posted.has(PART) => return Ok(None),
        None => find()?,
    };
    if let Some(id) = id {
        let answer = update(&id)?;
        // Gone, or not ours to change: the token is another one now.
        let is_lost = matches!(answer.status, 403 | 404 | 410);
        match check(answer) {
            Ok(_) => return Ok(Some(id)),
            Err(Failure::Misconfigured(_)) if is_lost => {}
            Err(failure) => return Err(failure),
        }
    }
    let answer = check(create()?)?;
    let id = created(&answer);
    posted.remember_id(PART, id.as_deref().unwrap_or_default());
    Ok(id)
}

fn with_folded(summary: &str, comments: &[ReviewComment], folded: &[u32]) -> String {
    let mut text = summary.to_owned();
    let folded = folded.iter().filter_map(|at| comments.get(*at as usize));
    for (count, comment) in folded.enumerate() {
        text.push_str(match (count, summary) {
            (0, "") => "",
            (0, _) => "\n\n---\n\n",
            _ => "\n",
        });
        // Its own lines stay within the list's entry.
        let body = comment.body.replace('\n', "\n  ");
        // A path can hold line breaks, which would end the entry.
        let path = comment.path.replace('`', "'");
        let path = path.replace(char::is_control, " ");
        text.push_str(&format!("- `{path}:{}` {body}", comment.line));
    }
    text
}

/// The id in the answer to a comment. That it cannot be read is no reason to post it again.
fn created(answer: &Response) -> Option<String> {
    #[derive(Deserialize)]
    struct Comment {
        id: u64,
    }
    let comment: Comment = answer.json().ok()?;
    Some(comment.id.to_string())
}
