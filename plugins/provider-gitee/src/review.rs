//! A review where people discuss the change: comments at lines and one that sums up, of a pull request or a commit, and the approval. Gitee
//! has no commit status.

use crate::api::Api;
use push_notify_sdk::{
    Decision, Event, Failure, Published, Review,
    forge::{
        self, Posted, Problems, check, inert, places, post_comments, post_summary, post_verdict,
        with_folded,
    },
};
use serde_json::json;

pub(crate) fn publish(api: &Api, event: &Event, review: &Review) -> Result<Published, Failure> {
    api.may_write()?;
    let head = forge::sha(&review.head_sha)?;
    let mut problems = Problems::default();
    let (summary, folded) = match &event.merge_request {
        Some(request) => {
            let posted = Posted::of(format!("{}!{}@{head}", api.name(), request.number));
            let pull = format!("/pulls/{}", request.number);
            let comments = format!("{pull}/comments");
            let folded = at_lines(api, &comments, review, &posted, &mut problems)?;
            let ways = (comments.as_str(), "/pulls/comments");
            let summary = sum_up(api, ways, review, &folded, &posted, &mut problems)?;
            decide(api, &pull, review, &posted)?;
            (summary, folded)
        }
        None => {
            let posted = Posted::of(format!("{}@{head}", api.name()));
            let folded = places(&review.comments);
            let comments = format!("/commits/{head}/comments");
            let ways = (comments.as_str(), "/comments");
            let summary = sum_up(api, ways, review, &folded, &posted, &mut problems)?;
            (summary, folded)
        }
    };
    Ok(Published {
        summary,
        folded,
        problems: problems.into_lines(),
    })
}

/// Answers the places of the comments that found none.
fn at_lines(
    api: &Api,
    path: &str,
    review: &Review,
    posted: &Posted,
    problems: &mut Problems,
) -> Result<Vec<u32>, Failure> {
    post_comments(&review.comments, posted, problems, |comment| {
        let body = json!({
            "body": inert(&comment.body),
            "commit_id": review.head_sha, "path": comment.path, "position": comment.position,
        });
        check(api.post(path).json(&body).send()?)
    })
}

/// `ways`: where comments are made, and where they are changed.
fn sum_up(
    api: &Api,
    ways: (&str, &str),
    review: &Review,
    folded: &[u32],
    posted: &Posted,
    problems: &mut Problems,
) -> Result<Option<String>, Failure> {
    let Some(summary) = &review.summary else {
        return Ok(None);
    };
    let text = inert(&with_folded(summary, &review.comments, folded));
    let body = json!({ "body": text });
    let result = post_summary(
        posted,
        review.earlier.as_deref(),
        |id| {
            let request = api.patch(&format!("{}/{id}", ways.1));
            Ok(request.json(&body).send()?)
        },
        || Ok(api.post(ways.0).json(&body).send()?),
    );
    Ok(problems.note("summary", result)?.flatten())
}

/// Passes the review, or takes back that a former one did.
fn decide(api: &Api, pull: &str, review: &Review, posted: &Posted) -> Result<(), Failure> {
    let request = match review.decision {
        Decision::Approved => api.post(&format!("{pull}/review")),
        _ if review.earlier.is_some() => api.patch(&format!("{pull}/assignees")),
        _ => return Ok(()),
    };
    post_verdict(posted, review.decision, || {
        Ok(request.json(&json!({})).send()?)
    })
}
