use super::{Posted, Problems, check, places, post_comments, post_verdict};
use crate::{Decision, Failure, Review, ReviewComment, http::Response, log};

const UNPROCESSABLE: u16 = 422;

/// Posts comments at lines and the verdict at a host to which they are one review, of which it takes all or nothing. What it does not take
/// as one goes out one by one. Answers the places of the comments that belong into the summary. `at_once` posts a review with a verdict,
/// `alone` a single comment; both give the host's answer whatever its status.
pub fn post_review(
    review: &Review,
    posted: &Posted,
    problems: &mut Problems,
    at_once: impl Fn(Decision, &[ReviewComment]) -> Result<Response, Failure>,
    alone: impl Fn(&ReviewComment) -> Result<Response, Failure>,
) -> Result<Vec<u32>, Failure> {
    // The same commit may be reviewed again, with another outcome.
    let part = format!("{:?} {:?}", review.decision, review.comments);
    let refused = format!("refused {part}");
    if posted.has(&part) {
        return Ok(Vec::new());
    }
    if !posted.has(&refused) {
        if let Some(folded) = as_one(review, problems, &at_once)? {
            if folded.is_empty() {
                posted.remember(&part);
            }
            return Ok(folded);
        }
        posted.remember(&refused);
    }
    let folded = post_comments(&review.comments, posted, problems, |comment| {
        check(alone(comment)?)
    })?;
    if review.decision != Decision::Comment {
        post_verdict(posted, review.decision, || at_once(review.decision, &[]))?;
    }
    Ok(folded)
}

/// None: the host does not take it like this.
fn as_one(
    review: &Review,
    problems: &mut Problems,
    at_once: &impl Fn(Decision, &[ReviewComment]) -> Result<Response, Failure>,
) -> Result<Option<Vec<u32>>, Failure> {
    for decision in [review.decision, Decision::Comment] {
        if decision == Decision::Comment && review.comments.is_empty() {
            return Ok(Some(Vec::new()));
        }
        let answer = at_once(decision, &review.comments)?;
        if answer.status != UNPROCESSABLE {
            return Ok(Some(match problems.note("review", check(answer))? {
                Some(_) => Vec::new(),
                None => places(&review.comments),
            }));
        }
        if !answer.text().contains("your own pull") {
            break;
        }
        log::debug("the host takes no verdict on one's own merge request");
    }
    Ok(None)
}

/// What a review says by itself where it has to say something. The summary is a comment of its own, which later reviews replace.
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
