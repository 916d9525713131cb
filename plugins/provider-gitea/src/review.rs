//! What a review leaves at the host: comments at lines with a verdict
//! (<https://docs.gitea.com/api/#tag/repository/operation/repoCreatePullReview>), one comment that sums up, and the commit's status.

use crate::api::Api;
use push_notify_sdk::{
    CommitStatus, Decision, Event, Failure, Published, Review, ReviewComment, StatusState,
    forge::{
        self, Marks, Posted, Problems, Remark, check, find, headline, inert, marked, places,
        post_review, post_summary, recall, remarks, summary,
    },
    http::Response,
};
use serde_json::{Value, json};

/// Under which the status stands among the commit's others.
const STATUS: &str = "push-notify/review";
/// Most entries on a page of these hosts' lists.
const PAGE: usize = 50;

pub(crate) fn publish(api: &Api, event: &Event, review: &Review) -> Result<Published, Failure> {
    let token = api.writer()?;
    let head = forge::sha(&review.head_sha)?;
    let mut problems = Problems::default();
    let mut published = match &event.merge_request {
        Some(request) => {
            let number = request.number;
            let marks = Marks::of(format!("{}#{number}", api.name()), token);
            on_merge_request(api, number, review, &marks, &mut problems)?
        }
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
    marks: &Marks<'_>,
    problems: &mut Problems,
) -> Result<Published, Failure> {
    let posted = Posted::of(format!("{}#{number}@{}", api.name(), review.head_sha));
    let folded = at_lines(api, number, review, marks, &posted, problems)?;
    let mut published = Published {
        folded,
        ..Published::default()
    };
    if let Some(text) = summary(review, &published.folded) {
        let body = json!({ "body": marked(&text, &marks.summary()) });
        let comments = format!("/issues/{number}/comments");
        let result = post_summary(
            &posted,
            review.earlier.as_deref(),
            // All of them are on one page.
            || Ok(find(&remarks(api.get(&comments).send())?, &marks.summary())),
            |id| {
                let request = api.patch(&format!("/issues/comments/{id}"));
                Ok(request.json(&body).send()?)
            },
            || Ok(api.post(&comments).json(&body).send()?),
        );
        published.summary = problems.note("summary", result)?.flatten();
    }
    Ok(published)
}

/// Answers the places of the comments that found none.
fn at_lines(
    api: &Api,
    number: u64,
    review: &Review,
    marks: &Marks<'_>,
    posted: &Posted,
    problems: &mut Problems,
) -> Result<Vec<u32>, Failure> {
    let reviews = format!("/pulls/{number}/reviews");
    let send = |decision, comments: &[ReviewComment]| -> Result<Response, Failure> {
        let body = body(review, decision, comments, marks);
        Ok(api.post(&reviews).json(&body).send()?)
    };
    let mark = |comment: &ReviewComment| marks.comment(&review.head_sha, comment);
    recall(&review.comments, posted, mark, || {
        newest(api, &reviews, &review.head_sha)
    })?;
    post_review(
        review,
        posted,
        problems,
        send,
        |comment| send(Decision::Comment, std::slice::from_ref(comment)),
        || withdraw(api, &reviews, &marks.verdict()),
    )
}

/// The comments of the newest review of this commit: the host lists them by review only. Those that went out one by one are a review each,
/// of which this finds the last.
fn newest(api: &Api, reviews: &str, head: &str) -> Result<Vec<Remark>, Failure> {
    let listed = remarks(api.get(reviews).query("limit", PAGE).send())?;
    let is_of_head = |review: &&Remark| review.commit_id.as_deref() == Some(head);
    match listed.iter().rev().find(is_of_head) {
        Some(review) => remarks(api.get(&format!("{reviews}/{}/comments", review.id)).send()),
        None => Ok(Vec::new()),
    }
}

/// Takes back what our earlier reviews decided, which a review that only comments leaves as it is.
/// <https://docs.gitea.com/api/#tag/repository/operation/repoDismissPullReview>
fn withdraw(api: &Api, reviews: &str, mark: &str) -> Result<Option<Response>, Failure> {
    let listed = remarks(api.get(reviews).query("limit", PAGE).send())?;
    let is_verdict = |review: &&Remark| {
        let state = review.state.as_deref();
        let decides = matches!(state, Some("APPROVED" | "REQUEST_CHANGES"));
        decides && review.dismissed != Some(true) && review.has(mark)
    };
    let Some(review) = listed.iter().rev().find(is_verdict) else {
        return Ok(None);
    };
    let request = api.post(&format!("{reviews}/{}/dismissals", review.id));
    // Those before it, too.
    let body = json!({ "message": "A newer review does not decide.", "priors": true });
    Ok(Some(request.json(&body).send()?))
}

fn body(
    review: &Review,
    decision: Decision,
    comments: &[ReviewComment],
    marks: &Marks<'_>,
) -> Value {
    let verdict = || marked(&inert(headline(review)), &marks.verdict());
    let (event, body) = match decision {
        Decision::Approved => ("APPROVED", verdict()),
        Decision::RequestChanges => ("REQUEST_CHANGES", verdict()),
        // Its comments say it.
        Decision::Comment => ("COMMENT", String::new()),
    };
    let at_line = |comment| at_line(comment, &marks.comment(&review.head_sha, comment));
    let comments: Vec<Value> = comments.iter().map(at_line).collect();
    json!({ "commit_id": review.head_sha, "event": event, "body": body, "comments": comments })
}

/// Positions are lines of the files; 0 is none.
fn at_line(comment: &ReviewComment, mark: &str) -> Value {
    let body = marked(&inert(&comment.body), mark);
    json!({ "path": comment.path, "new_position": comment.line, "old_position": 0, "body": body })
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
