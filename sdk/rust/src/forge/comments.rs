use super::{Posted, Remark, check};
use crate::{Decision, Failure, ReviewComment, http::Response, log};

/// Most comments at lines that one review makes where each takes a request: a call has 50 of them,
/// and needs some for the rest.
pub const MOST_COMMENTS: usize = 32;

/// What the host did not take, for good. The rest of the review goes on.
#[derive(Debug, Default)]
pub struct Problems(Vec<String>);

impl Problems {
    /// What came of a step. None when it failed for good, which is noted under the step's name. A
    /// failure that may pass ends the call.
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

/// Learns which comments the host shows already, once for each review: after a crash, what it
/// posted may be forgotten. `there` lists what is at lines, `mark` tells a comment of ours.
pub fn recall(
    comments: &[ReviewComment],
    posted: &Posted,
    mark: impl Fn(&ReviewComment) -> String,
    there: impl FnOnce() -> Result<Vec<Remark>, Failure>,
) -> Result<(), Failure> {
    const PART: &str = "recalled";
    if comments.is_empty() || posted.has(PART) {
        return Ok(());
    }
    let there = there()?;
    let is_there = |comment: &ReviewComment| {
        let mark = mark(comment);
        there.iter().any(|remark| remark.has(&mark))
    };
    if !there.is_empty() {
        for comment in comments.iter().filter(|comment| is_there(comment)) {
            posted.remember(&part(comment));
        }
    }
    posted.remember(PART);
    Ok(())
}

/// Posts comments at their lines, one by one. Answers the places of those that belong into the
/// summary: refused ones, and what is too much for a call. When the host lets nobody comment, it is
/// not asked for each. `post` gives the host's answer whatever its status.
pub fn post_comments(
    comments: &[ReviewComment],
    posted: &Posted,
    problems: &mut Problems,
    mut post: impl FnMut(&ReviewComment) -> Result<Response, Failure>,
) -> Result<Vec<u32>, Failure> {
    let mut folded = Vec::new();
    let (mut tried, mut closed, mut stumbled) = (0, false, None);
    for (at, comment) in (0..).zip(comments) {
        let part = part(comment);
        if posted.has(&part) {
            continue;
        }
        if closed || tried == MOST_COMMENTS {
            folded.push(at);
            continue;
        }
        tried += 1;
        let answer = post(comment);
        let is_stumble = answer.as_ref().is_ok_and(|answer| answer.status == 500);
        match answer.and_then(check) {
            Ok(_) => posted.remember(&part),
            Err(Failure::Rejected(_)) => folded.push(at),
            // What a host cannot place it may answer so, each time: the second one is a refusal.
            // The other comments do not wait for it.
            Err(failure) if is_stumble => {
                let again = format!("500 {part}");
                match posted.has(&again) {
                    true => folded.push(at),
                    false => stumbled = Some(failure),
                }
                posted.remember(&again);
            }
            Err(failure) => {
                problems.note::<()>("comments at lines", Err(failure))?;
                closed = true;
                folded.push(at);
            }
        }
    }
    match stumbled {
        Some(failure) => Err(failure),
        None => Ok(folded),
    }
}

/// Gives the host's own verdict, by a request, unless it is what was given last; None: there is
/// nothing to ask for. Hosts refuse it to authors, guests and others, and the summary says it
/// anyway.
pub fn post_verdict(
    posted: &Posted,
    verdict: Decision,
    request: impl FnOnce() -> Result<Option<Response>, Failure>,
) -> Result<(), Failure> {
    if has_verdict(posted, verdict) {
        return Ok(());
    }
    let answer = request();
    let is_own = matches!(&answer, Ok(Some(answer)) if is_ones_own(answer));
    match answer.and_then(|answer| answer.map(check).transpose()) {
        Ok(_) => remember_verdict(posted, verdict),
        Err(Failure::Rejected(reason) | Failure::Misconfigured(reason)) => {
            log::debug(format_args!(
                "{verdict:?} is not shown as a verdict: {reason}"
            ));
            // That will not change.
            if is_own {
                remember_verdict(posted, verdict);
            }
        }
        Err(passing) => return Err(passing),
    }
    Ok(())
}

const VERDICT: &str = "verdict";

fn has_verdict(posted: &Posted, verdict: Decision) -> bool {
    posted.id(VERDICT).as_deref() == Some(&format!("{verdict:?}"))
}

pub(super) fn remember_verdict(posted: &Posted, verdict: Decision) {
    posted.remember_id(VERDICT, &format!("{verdict:?}"));
}

/// Whether the host says that nobody judges their own merge request.
pub(super) fn is_ones_own(answer: &Response) -> bool {
    let words = b"your own pull";
    let says_so = |body: &[u8]| body.windows(words.len()).any(|part| part == words);
    answer.status == 422 && says_so(&answer.body)
}

/// By which a comment is remembered.
pub(super) fn part(comment: &ReviewComment) -> String {
    format!("{}:{}\n{}", comment.path, comment.line, comment.body)
}
