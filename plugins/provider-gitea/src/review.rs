//! A review's comments at lines, with its verdict.
//! <https://docs.gitea.com/api/#tag/repository/operation/repoCreatePullReview>

use crate::Gitea;
use push_notify_sdk::{
    Decision, Failure, ReviewComment,
    forge::{Client, Discussion, Problems, Remark, headline, inert, marked, remarks},
    http::Response,
};
use serde_json::{Value, json};

/// Most entries on a page of these hosts' lists.
const PAGE: usize = 50;

pub(crate) fn at_lines(
    discussion: &Discussion<'_, Gitea>,
    problems: &mut Problems,
) -> Result<Vec<u32>, Failure> {
    let client = discussion.client;
    let reviews = format!("/pulls/{}/reviews", discussion.number);
    let post = |decision, comments: &[ReviewComment]| {
        let body = body(discussion, decision, comments);
        client.post(&reviews).json(&body)
    };
    discussion.recall(|| newest(client, &reviews, &discussion.review.head_sha))?;
    discussion.post_review(
        problems,
        post,
        |comment| post(Decision::Comment, std::slice::from_ref(comment)),
        || withdraw(discussion, &reviews),
    )
}

/// The comments of the newest review of this commit: the host lists them by review only. Those that
/// went out one by one are a review each, of which this finds the last.
fn newest(client: &Client<Gitea>, reviews: &str, head: &str) -> Result<Vec<Remark>, Failure> {
    let listed = remarks(client.get(reviews).query("limit", PAGE).send())?;
    let is_of_head = |review: &&Remark| review.commit_id.as_deref() == Some(head);
    match listed.iter().rev().find(is_of_head) {
        Some(review) => remarks(
            client
                .get(&format!("{reviews}/{}/comments", review.id))
                .send(),
        ),
        None => Ok(Vec::new()),
    }
}

/// Takes back what our earlier reviews decided, which a review that only comments leaves as it is.
/// <https://docs.gitea.com/api/#tag/repository/operation/repoDismissPullReview>
fn withdraw(
    discussion: &Discussion<'_, Gitea>,
    reviews: &str,
) -> Result<Option<Response>, Failure> {
    let client = discussion.client;
    let mark = discussion.marks.verdict();
    let listed = remarks(client.get(reviews).query("limit", PAGE).send())?;
    let is_verdict = |review: &&Remark| {
        let state = review.state.as_deref();
        let decides = matches!(state, Some("APPROVED" | "REQUEST_CHANGES"));
        decides && review.dismissed != Some(true) && review.has(&mark)
    };
    let Some(review) = listed.iter().rev().find(is_verdict) else {
        return Ok(None);
    };
    let request = client.post(&format!("{reviews}/{}/dismissals", review.id));
    // Those before it, too.
    let body = json!({ "message": "A newer review does not decide.", "priors": true });
    Ok(Some(request.json(&body).send()?))
}

fn body(
    discussion: &Discussion<'_, Gitea>,
    decision: Decision,
    comments: &[ReviewComment],
) -> Value {
    let review = discussion.review;
    let verdict = || marked(&inert(headline(review)), &discussion.marks.verdict());
    let (event, body) = match decision {
        Decision::Approved => ("APPROVED", verdict()),
        Decision::RequestChanges => ("REQUEST_CHANGES", verdict()),
        // Its comments say it.
        Decision::Comment => ("COMMENT", String::new()),
    };
    let comments = comments.iter().map(|comment| at_line(discussion, comment));
    let comments: Vec<Value> = comments.collect();
    json!({ "commit_id": review.head_sha, "event": event, "body": body, "comments": comments })
}

/// Positions are lines of the files; 0 is none.
fn at_line(discussion: &Discussion<'_, Gitea>, comment: &ReviewComment) -> Value {
    let body = discussion.text(comment);
    json!({ "path": comment.path, "new_position": comment.line, "old_position": 0, "body": body })
}
