//! A review's comments at lines, with its verdict: <https://docs.github.com/rest/pulls/reviews>,
//! <https://docs.github.com/rest/pulls/comments>.

use crate::{Github, dialect::PAGE};
use push_notify_sdk::{
    Decision, Failure, ReviewComment,
    forge::{Discussion, Problems, Remark, headline, inert, marked, remarks},
    http::Response,
};
use serde_json::{Value, json};

/// Most verdicts that one review takes back.
const MOST_WITHDRAWN: usize = 3;

pub(crate) fn at_lines(
    discussion: &Discussion<'_, Github>,
    problems: &mut Problems,
) -> Result<Vec<u32>, Failure> {
    let client = discussion.client;
    let pull = format!("/pulls/{}", discussion.number);
    let singles = format!("{pull}/comments");
    let reviews = format!("{pull}/reviews");
    discussion.recall(|| {
        let newest = client.get(&singles).query("sort", "created");
        let newest = newest.query("direction", "desc").query("per_page", PAGE);
        remarks(newest.send())
    })?;
    discussion.post_review(
        problems,
        |decision, comments| {
            let body = whole(discussion, decision, comments);
            client.post(&reviews).json(&body)
        },
        |comment| {
            let mut body = at_line(discussion, comment);
            body["commit_id"] = discussion.review.head_sha.as_str().into();
            client.post(&singles).json(&body)
        },
        || withdraw(discussion, &reviews),
    )
}

/// Takes back what our earlier reviews decided, which a review that only comments leaves as it is.
/// <https://docs.github.com/rest/pulls/reviews#dismiss-a-review-for-a-pull-request>
fn withdraw(
    discussion: &Discussion<'_, Github>,
    reviews: &str,
) -> Result<Option<Response>, Failure> {
    let client = discussion.client;
    let mark = discussion.marks.verdict();
    let listed = remarks(client.get(reviews).query("per_page", PAGE).send())?;
    let stands = |review: &&Remark| {
        let state = review.state.as_deref();
        review.has(&mark) && matches!(state, Some("APPROVED" | "CHANGES_REQUESTED"))
    };
    let mut last = None;
    for review in listed.iter().rev().filter(stands).take(MOST_WITHDRAWN) {
        let request = client.put(&format!("{reviews}/{}/dismissals", review.id));
        let body = json!({ "message": "A newer review does not decide." });
        let answer = request.json(&body).send()?;
        if answer.status != 200 {
            return Ok(Some(answer));
        }
        last = Some(answer);
    }
    Ok(last)
}

fn whole(
    discussion: &Discussion<'_, Github>,
    decision: Decision,
    comments: &[ReviewComment],
) -> Value {
    let review = discussion.review;
    let event = match decision {
        Decision::Approved => "APPROVE",
        Decision::RequestChanges => "REQUEST_CHANGES",
        Decision::Comment => "COMMENT",
    };
    let comments = comments.iter().map(|comment| at_line(discussion, comment));
    let comments: Vec<Value> = comments.collect();
    let body = marked(&inert(headline(review)), &discussion.marks.verdict());
    json!({ "commit_id": review.head_sha, "event": event, "body": body, "comments": comments })
}

/// In the file as the merge request makes it.
fn at_line(discussion: &Discussion<'_, Github>, comment: &ReviewComment) -> Value {
    let body = discussion.text(comment);
    json!({ "path": comment.path, "line": comment.line, "side": "RIGHT", "body": body })
}
