//! What a review leaves at the host: comments at lines with a verdict
//! (<https://docs.gitea.com/api/#tag/repository/operation/repoCreatePullReview>), one comment that sums up, and the commit's status.

use crate::api::Api;
use push_notify_sdk::{
    CommitStatus, Decision, Event, Failure, Published, Review, ReviewComment, StatusState,
    forge::{
        self, Posted, Problems, check, headline, inert, places, post_review, post_summary,
        with_folded,
    },
    http::Response,
};
use serde_json::{Value, json};

/// Under which the status stands among the commit's others.
const STATUS: &str = "push-notify/review";

pub(crate) fn publish(api: &Api, event: &Event, review: &Review) -> Result<Published, Failure> {
    api.may_write()?;
    let head = forge::sha(&review.head_sha)?;
    let mut problems = Problems::default();
    let mut published = match &event.merge_request {
        Some(request) => on_merge_request(api, request.number, review, &mut problems)?,
        None => {
            if review.summary.is_some() || !review.comments.is_empty() {
                problems.add("summary: the host has no comments on commits");
            }
            Published {
                folded: places(&review.comments),
                ..Published::default()
            }
        }
    };
    if let Some(status) = &review.status {
        problems.note("commit status", set_status(api, head, status))?;
    }
    published.problems = problems.into_lines();
    Ok(published)
}

fn on_merge_request(
    api: &Api,
    number: u64,
    review: &Review,
    problems: &mut Problems,
) -> Result<Published, Failure> {
    let posted = Posted::of(format!("{}#{number}@{}", api.name(), review.head_sha));
    let send = |decision, comments: &[ReviewComment]| -> Result<Response, Failure> {
        let request = api.post(&format!("/pulls/{number}/reviews"));
        Ok(request.json(&body(review, decision, comments)).send()?)
    };
    let folded = post_review(review, &posted, problems, send, |comment| {
        send(Decision::Comment, std::slice::from_ref(comment))
    })?;
    let summary = match &review.summary {
        Some(summary) => {
            let text = inert(&with_folded(summary, &review.comments, &folded));
            let body = json!({ "body": text });
            let result = post_summary(
                &posted,
                review.earlier.as_deref(),
                |id| {
                    let request = api.patch(&format!("/issues/comments/{id}"));
                    Ok(request.json(&body).send()?)
                },
                || {
                    let request = api.post(&format!("/issues/{number}/comments"));
                    Ok(request.json(&body).send()?)
                },
            );
            problems.note("summary", result)?.flatten()
        }
        None => None,
    };
    Ok(Published {
        summary,
        folded,
        problems: Vec::new(),
    })
}

fn body(review: &Review, decision: Decision, comments: &[ReviewComment]) -> Value {
    let (event, body) = match decision {
        Decision::Approved => ("APPROVED", headline(review)),
        Decision::RequestChanges => ("REQUEST_CHANGES", headline(review)),
        // Its comments say it.
        Decision::Comment => ("COMMENT", ""),
    };
    let comments: Vec<Value> = comments.iter().map(at_line).collect();
    json!({ "commit_id": review.head_sha, "event": event, "body": inert(body), "comments": comments })
}

/// Positions are lines of the files; 0 is none.
fn at_line(comment: &ReviewComment) -> Value {
    json!({ "path": comment.path, "new_position": comment.line, "old_position": 0, "body": inert(&comment.body) })
}

fn set_status(api: &Api, head: &str, status: &CommitStatus) -> Result<(), Failure> {
    let state = match status.state {
        StatusState::Pending => "pending",
        StatusState::Success => "success",
        StatusState::Failure => "failure",
        StatusState::Error => "error",
    };
    let description = &*status.description;
    let mut body = json!({ "state": state, "context": STATUS, "description": description });
    if let Some(url) = &status.url {
        body["target_url"] = url.as_str().into();
    }
    let answer = api.post(&format!("/statuses/{head}")).json(&body).send()?;
    check(answer).map(drop)
}
