use super::{Posted, check};
use crate::{Decision, Failure, ReviewComment, http::Response, log};
use serde::Deserialize;

/// Most comments at lines that one review makes where each takes a request: a call has 50 of them.
pub const MOST_COMMENTS: usize = 40;

/// What the host did not take, for good. The rest of the review goes on.
#[derive(Debug, Default)]
pub struct Problems(Vec<String>);

impl Problems {
    /// What came of a step. None when it failed for good, which is noted under the step's name. A failure that may pass ends the call.
    pub fn note<T>(
        &mut self,
        step: &str,
        result: Result<T, Failure>,
    ) -> Result<Option<T>, Failure> {
        match result {
            Ok(value) => Ok(Some(value)),
            Err(Failure::Rejected(reason) | Failure::Misconfigured(reason)) => {
                self.add(format!("{step}: {reason}"));
                Ok(None)
            }
            Err(passing) => Err(passing),
        }
    }

    pub fn add(&mut self, line: impl Into<String>) {
        self.0.push(line.into());
    }

    pub fn into_lines(self) -> Vec<String> {
        self.0
    }
}

/// The place of each comment, for a host that shows none at its line.
pub fn places(comments: &[ReviewComment]) -> Vec<u32> {
    (0..).zip(comments).map(|(at, _)| at).collect()
}

/// Posts comments at their lines, one by one. Answers the places of those that belong into the summary: refused ones, and what is too much
/// for a call. When the host lets nobody comment, it is not asked for each.
pub fn post_comments(
    comments: &[ReviewComment],
    posted: &Posted,
    problems: &mut Problems,
    mut post: impl FnMut(&ReviewComment) -> Result<Response, Failure>,
) -> Result<Vec<u32>, Failure> {
    let mut folded = Vec::new();
    let mut closed = false;
    for (at, comment) in (0..).zip(comments) {
        if closed || at as usize >= MOST_COMMENTS {
            folded.push(at);
            continue;
        }
        let part = format!("{}:{}\n{}", comment.path, comment.line, comment.body);
        if posted.has(&part) {
            continue;
        }
        match post(comment) {
            Ok(_) => posted.remember(&part),
            Err(Failure::Rejected(_)) => folded.push(at),
            Err(failure) => {
                problems.note::<()>("comments at lines", Err(failure))?;
                closed = true;
                folded.push(at);
            }
        }
    }
    Ok(folded)
}

/// Shows the one summary of a merge request: in place of the one before, as long as that can be changed, else as a new comment. Answers
/// the host's id of it. `update` and `create` give the host's answer whatever its status.
pub fn post_summary(
    posted: &Posted,
    earlier: Option<&str>,
    update: impl FnOnce(&str) -> Result<Response, Failure>,
    create: impl FnOnce() -> Result<Response, Failure>,
) -> Result<Option<String>, Failure> {
    const PART: &str = "summary";
    let known = posted.id(PART);
    let is_id = |id: &&str| !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit());
    if let Some(id) = known.as_deref().or(earlier).filter(is_id) {
        let answer = update(id)?;
        // Gone, or not ours to change: the token is another one now.
        if !matches!(answer.status, 403 | 404 | 410) {
            check(answer)?;
            return Ok(Some(id.to_owned()));
        }
    } else if posted.has(PART) {
        return Ok(None);
    }
    let answer = check(create()?)?;
    let id = created(&answer);
    posted.remember_id(PART, id.as_deref().unwrap_or_default());
    Ok(id)
}

/// Gives the host's own verdict, by a request, once. Hosts refuse it to authors, guests and others, and the summary says it anyway.
pub fn post_verdict(
    posted: &Posted,
    decision: Decision,
    request: impl FnOnce() -> Result<Response, Failure>,
) -> Result<(), Failure> {
    let part = format!("{decision:?}");
    if posted.has(&part) {
        return Ok(());
    }
    match request().and_then(check) {
        Ok(_) => {}
        Err(Failure::Rejected(reason) | Failure::Misconfigured(reason)) => {
            log::debug(format_args!("{part} is not shown as a verdict: {reason}"));
        }
        Err(passing) => return Err(passing),
    }
    posted.remember(&part);
    Ok(())
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
