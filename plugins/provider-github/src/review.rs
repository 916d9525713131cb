//! What a review leaves at GitHub: comments at lines with a verdict (<https://docs.github.com/rest/pulls/reviews>,
//! <https://docs.github.com/rest/pulls/comments>), one comment that sums up (<https://docs.github.com/rest/issues/comments>,
//! <https://docs.github.com/rest/commits/comments>), and the commit's status (<https://docs.github.com/rest/commits/statuses>).

use crate::{api::Api, link};
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
/// Longest comment, in characters, without its mark.
const LONGEST: usize = 65_536 - 100;
/// Longest description of a status, in characters.
const LONGEST_STATUS: usize = 140;
/// Of a list.
const PAGE: usize = 100;
/// Most verdicts that one review takes back.
const MOST_WITHDRAWN: usize = 3;

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
        let body = json!({ "body": marked(&cut(&text, LONGEST), &marks.summary()) });
        let comments = format!("/issues/{number}/comments");
        let result = post_summary(
            &posted,
            review.earlier.as_deref(),
            || Ok(find(&newest(api, &comments)?, &marks.summary())),
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
    let head = &review.head_sha;
    let mark = |comment: &ReviewComment| marks.comment(head, comment);
    let singles = format!("/pulls/{number}/comments");
    recall(&review.comments, posted, mark, || {
        let newest = api.get(&singles).query("sort", "created");
        let newest = newest.query("direction", "desc").query("per_page", PAGE);
        remarks(newest.send())
    })?;
    post_review(
        review,
        posted,
        problems,
        |decision, comments| {
            let request = api.post(&format!("/pulls/{number}/reviews"));
            let body = whole(review, decision, comments, marks);
            Ok(request.json(&body).send()?)
        },
        |comment| {
            let mut body = at_line(comment, &mark(comment));
            body["commit_id"] = head.as_str().into();
            Ok(api.post(&singles).json(&body).send()?)
        },
        || withdraw(api, number, &marks.verdict()),
    )
}

/// The last page of comments, which GitHub lists from the oldest on.
fn newest(api: &Api, comments: &str) -> Result<Vec<Remark>, Failure> {
    let page = |page: &str| {
        let request = api.get(comments).query("per_page", PAGE);
        request.query("page", page).send()
    };
    let first = page("1");
    let last = first
        .as_ref()
        .ok()
        .and_then(|answer| link::page(answer, "last"));
    match last {
        Some(last) => remarks(page(&last)),
        None => remarks(first),
    }
}

/// Takes back what our earlier reviews decided, which a review that only comments leaves as it is.
/// <https://docs.github.com/rest/pulls/reviews#dismiss-a-review-for-a-pull-request>
fn withdraw(api: &Api, number: u64, mark: &str) -> Result<Option<Response>, Failure> {
    let reviews = format!("/pulls/{number}/reviews");
    let listed = remarks(api.get(&reviews).query("per_page", PAGE).send())?;
    let stands = |review: &&Remark| {
        let state = review.state.as_deref();
        review.has(mark) && matches!(state, Some("APPROVED" | "CHANGES_REQUESTED"))
    };
    let mut last = None;
    for review in listed.iter().rev().filter(stands).take(MOST_WITHDRAWN) {
        let request = api.put(&format!("{reviews}/{}/dismissals", review.id));
        let body = json!({ "message": "A newer review does not decide." });
        let answer = request.json(&body).send()?;
        if answer.status != 200 {
            return Ok(Some(answer));
        }
        last = Some(answer);
    }
    Ok(last)
}

/// A commit's comments stand at positions of its own diff, which is not what was reviewed: all of them are in the one that sums up.
fn on_commit(
    api: &Api,
    head: &str,
    review: &Review,
    problems: &mut Problems,
) -> Result<Published, Failure> {
    let posted = Posted::of(format!("{}@{head}", api.name()));
    let folded = places(&review.comments);
    let mut published = Published {
        folded,
        ..Published::default()
    };
    if let Some(text) = summary(review, &published.folded) {
        let body = json!({ "body": cut(&text, LONGEST) });
        let result = post_summary(
            &posted,
            review.earlier.as_deref(),
            || Ok(None),
            |id| Ok(api.patch(&format!("/comments/{id}")).json(&body).send()?),
            || {
                let request = api.post(&format!("/commits/{head}/comments"));
                Ok(request.json(&body).send()?)
            },
        );
        published.summary = problems.note("summary", result)?.flatten();
    }
    Ok(published)
}

fn whole(
    review: &Review,
    decision: Decision,
    comments: &[ReviewComment],
    marks: &Marks<'_>,
) -> Value {
    let event = match decision {
        Decision::Approved => "APPROVE",
        Decision::RequestChanges => "REQUEST_CHANGES",
        Decision::Comment => "COMMENT",
    };
    let at_line = |comment| at_line(comment, &marks.comment(&review.head_sha, comment));
    let comments: Vec<Value> = comments.iter().map(at_line).collect();
    let body = marked(&inert(headline(review)), &marks.verdict());
    json!({ "commit_id": review.head_sha, "event": event, "body": body, "comments": comments })
}

/// In the file as the merge request makes it.
fn at_line(comment: &ReviewComment, mark: &str) -> Value {
    let body = marked(&cut(&inert(&comment.body), LONGEST), mark);
    json!({ "path": comment.path, "line": comment.line, "side": "RIGHT", "body": body })
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
