use super::{
    Posted, Problems, check,
    comments::{is_ones_own, part, remember_verdict},
    places, post_comments, post_verdict,
};
use crate::{Decision, Failure, Review, ReviewComment, http::Response, log};

const UNPROCESSABLE: u16 = 422;

/// Posts comments at lines and the verdict at a host to which they are one review, of which it
/// takes all or nothing. What it does not take as one goes out one by one, and so does what is
/// missing where some is there. Answers the places of the comments that belong into the summary.
/// `at_once` posts a review with a verdict, `alone` a single comment, `withdraw` takes back what
/// earlier reviews decided; they give the host's answer whatever its status.
pub fn post_review(
    review: &Review,
    posted: &Posted,
    problems: &mut Problems,
    at_once: impl Fn(Decision, &[ReviewComment]) -> Result<Response, Failure>,
    alone: impl Fn(&ReviewComment) -> Result<Response, Failure>,
    withdraw: impl FnOnce() -> Result<Option<Response>, Failure>,
) -> Result<Vec<u32>, Failure> {
    let verdict = review.verdict.filter(|it| *it != Decision::Comment);
    let is_there = |comment: &ReviewComment| posted.has(&part(comment));
    let is_new = !review.comments.is_empty() && !review.comments.iter().any(is_there);
    let folded = match is_new {
        true => as_one(review, verdict, posted, problems, &at_once)?,
        false => None,
    };
    let folded = match folded {
        Some(folded) => folded,
        None => {
            let folded = post_comments(&review.comments, posted, problems, alone)?;
            if let Some(verdict) = verdict {
                post_verdict(posted, verdict, || at_once(verdict, &[]).map(Some))?;
            }
            folded
        }
    };
    if review.verdict == Some(Decision::Comment) {
        post_verdict(posted, Decision::Comment, withdraw)?;
    }
    Ok(folded)
}

/// None: the host does not take it like this.
fn as_one(
    review: &Review,
    verdict: Option<Decision>,
    posted: &Posted,
    problems: &mut Problems,
    at_once: &impl Fn(Decision, &[ReviewComment]) -> Result<Response, Failure>,
) -> Result<Option<Vec<u32>>, Failure> {
    for decision in [verdict, None] {
        let answer = at_once(decision.unwrap_or(Decision::Comment), &review.comments)?;
        if answer.status != UNPROCESSABLE {
            if problems.note("review", check(answer))?.is_none() {
                return Ok(Some(places(&review.comments)));
            }
            let comments = review.comments.iter().map(part);
            comments.for_each(|part| posted.remember(&part));
            if let Some(verdict) = verdict {
                remember_verdict(posted, verdict);
            }
            return Ok(Some(Vec::new()));
        }
        if !is_ones_own(&answer) {
            break;
        }
        log::debug("the host takes no verdict on one's own merge request");
    }
    Ok(None)
}

/// What a review says by itself where it has to say something. The summary is a comment of its own,
/// which later reviews replace.
pub fn headline(review: &Review) -> &str {
    let said = |text: &&str| !text.trim().is_empty();
    let status = review.status.as_ref().map(|status| &*status.description);
    let summary = review.summary.as_deref();
    let first_line = || summary?.lines().find(said);
    status
        .filter(said)
        .or_else(first_line)
        .unwrap_or("Code review")
}
