//! What a review leaves at GitHub: comments at lines with a verdict (<https://docs.github.com/rest/pulls/reviews>,
//! <https://docs.github.com/rest/pulls/comments>), one comment that sums up (<https://docs.github.com/rest/issues/comments>,
//! <https://docs.github.com/rest/commits/comments>), and the commit's status (<https://docs.github.com/rest/commits/statuses>).

use crate::api::Api;
use push_notify_sdk::{
    CommitStatus, Decision, Event, Failure, Published, Review, ReviewComment, StatusState,
    forge::{
        self, Posted, Problems, check, headline, inert, places, post_review, post_summary,
        with_folded,
    },
};
use serde_json::{Value, json};

/// Under which the status stands among the commit's others.
const STATUS: &str = "push-notify/review";
/// Longest comment, in characters.
const LONGEST: usize = 65_536;
/// Longest description of a status, in characters.
const LONGEST_STATUS: usize = 140;

pub(crate) fn publish(api: &Api, event: &Event, review: &Review) -> Result<Published, Failure> {
    api.may_write()?;
    let head = forge::sha(&review.head_sha)?;
    let mut problems = Problems::default();
    let mut published = match &event.merge_request {
        Some(request) => on_merge_request(api, request.number, review, &mut problems)?,
        None => on_commit(api, head, review, &mut problems)?,
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
    let head = &review.head_sha;
    let posted = Posted::of(format!("{}#{number}@{head}", api.name()));
    let folded = post_review(
        review,
        &posted,
        problems,
        |decision, comments| {
            let request = api.post(&format!("/pulls/{number}/reviews"));
            Ok(request.json(&whole(review, decision, comments)).send()?)
        },
        |comment| {
            let mut body = at_line(comment);
            body["commit_id"] = head.as_str().into();
            let request = api.post(&format!("/pulls/{number}/comments"));
            Ok(request.json(&body).send()?)
        },
    )?;
    let comments = format!("/issues/{number}/comments");
    let ways = (&*comments, "/issues/comments");
    sum_up(api, ways, review, folded, &posted, problems)
}

/// A commit's comments stand at positions of its own diff, which is not what was reviewed: all of them are in the one that sums up.
fn on_commit(
    api: &Api,
    head: &str,
    review: &Review,
    problems: &mut Problems,
) -> Result<Published, Failure> {
    let posted = Posted::of(format!("{}@{head}", api.name()));
    let comments = format!("/commits/{head}/comments");
    let folded = places(&review.comments);
    sum_up(
        api,
        (&comments, "/comments"),
        review,
        folded,
        &posted,
        problems,
    )
}

/// `ways` are the path that comments are posted to, and the one that their ids are below.
fn sum_up(
    api: &Api,
    ways: (&str, &str),
    review: &Review,
    folded: Vec<u32>,
    posted: &Posted,
    problems: &mut Problems,
) -> Result<Published, Failure> {
    let mut published = Published {
        folded,
        ..Published::default()
    };
    if let Some(summary) = &review.summary {
        let text = inert(&with_folded(summary, &review.comments, &published.folded));
        let body = json!({ "body": cut(&text, LONGEST) });
        let (comments, comment) = ways;
        let result = post_summary(
            posted,
            review.earlier.as_deref(),
            |id| {
                let request = api.patch(&format!("{comment}/{id}"));
                Ok(request.json(&body).send()?)
            },
            || Ok(api.post(comments).json(&body).send()?),
        );
        published.summary = problems.note("summary", result)?.flatten();
    }
    Ok(published)
}

fn whole(review: &Review, decision: Decision, comments: &[ReviewComment]) -> Value {
    let event = match decision {
        Decision::Approved => "APPROVE",
        Decision::RequestChanges => "REQUEST_CHANGES",
        Decision::Comment => "COMMENT",
    };
    let comments: Vec<Value> = comments.iter().map(at_line).collect();
    let body = inert(headline(review));
    json!({ "commit_id": review.head_sha, "event": event, "body": body, "comments": comments })
}

/// In the file as the merge request makes it.
fn at_line(comment: &ReviewComment) -> Value {
    let body = inert(&comment.body);
    json!({ "path": comment.path, "line": comment.line, "side": "RIGHT", "body": cut(&body, LONGEST) })
}

fn set_status(api: &Api, head: &str, status: &CommitStatus) -> Result<(), Failure> {
    let state = match status.state {
        StatusState::Pending => "pending",
        StatusState::Success => "success",
        StatusState::Failure => "failure",
        StatusState::Error => "error",
    };
    let description = cut(&status.description, LONGEST_STATUS);
    let mut body = json!({ "state": state, "context": STATUS, "description": description });
    if let Some(url) = &status.url {
        body["target_url"] = url.as_str().into();
    }
    let answer = api.post(&format!("/statuses/{head}")).json(&body).send()?;
    check(answer).map(drop)
}

/// At most this many characters, the last of which says that there were more.
fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    text.chars().take(most - 1).chain(['…']).collect()
}
