//! A review where people discuss the change: comments at lines and one that sums up, of a pull request or a commit, and the approval. Gitee
//! has no commit status.

use crate::api::Api;
use push_notify_sdk::{
    Decision, Event, Failure, Published, Review, ReviewComment,
    forge::{
        self, Marks, Posted, Problems, Remark, find, inert, marked, places, post_comments,
        post_summary, post_verdict, recall, remarks, summary,
    },
};
use serde_json::json;

pub(crate) fn publish(api: &Api, event: &Event, review: &Review) -> Result<Published, Failure> {
    let token = api.writer()?;
    let head = forge::sha(&review.head_sha)?;
    let mut problems = Problems::default();
    let mut published = match &event.merge_request {
        Some(request) => {
            let name = format!("{}!{}", api.name(), request.number);
            let posted = Posted::of(format!("{name}@{head}"));
            let pull = format!("/pulls/{}", request.number);
            let marks = Marks::of(name, token);
            on_pull_request(api, &pull, review, &marks, &posted, &mut problems)?
        }
        None => on_commit(api, head, review, &mut problems)?,
    };
    published.problems = problems.into_lines();
    Ok(published)
}

fn on_pull_request(
    api: &Api,
    pull: &str,
    review: &Review,
    marks: &Marks<'_>,
    posted: &Posted,
    problems: &mut Problems,
) -> Result<Published, Failure> {
    let comments = format!("{pull}/comments");
    let mark = |comment: &ReviewComment| marks.comment(&review.head_sha, comment);
    recall(&review.comments, posted, mark, || newest(api, &comments))?;
    let folded = post_comments(&review.comments, posted, problems, |comment| {
        let body = json!({
            "body": marked(&inert(&comment.body), &mark(comment)),
            "commit_id": review.head_sha, "path": comment.path, "position": comment.position,
        });
        Ok(api.post(&comments).json(&body).send()?)
    })?;
    let mut published = Published {
        folded,
        ..Published::default()
    };
    if let Some(text) = summary(review, &published.folded) {
        let body = json!({ "body": marked(&text, &marks.summary()) });
        let result = post_summary(
            posted,
            review.earlier.as_deref(),
            || Ok(find(&newest(api, &comments)?, &marks.summary())),
            |id| {
                let request = api.patch(&format!("/pulls/comments/{id}"));
                Ok(request.json(&body).send()?)
            },
            || Ok(api.post(&comments).json(&body).send()?),
        );
        published.summary = problems.note("summary", result)?.flatten();
    }
    decide(api, pull, review, posted)?;
    Ok(published)
}

/// The newest comments, also those at lines.
fn newest(api: &Api, comments: &str) -> Result<Vec<Remark>, Failure> {
    let newest = api.get(comments).query("direction", "desc");
    remarks(newest.query("per_page", 100).send())
}

/// Passes the review, or takes back that a former one did.
fn decide(api: &Api, pull: &str, review: &Review, posted: &Posted) -> Result<(), Failure> {
    let Some(verdict) = review.verdict else {
        return Ok(());
    };
    let request = match verdict {
        Decision::Approved => api.post(&format!("{pull}/review")),
        Decision::RequestChanges | Decision::Comment => api.patch(&format!("{pull}/assignees")),
    };
    post_verdict(posted, verdict, || {
        Ok(Some(request.json(&json!({})).send()?))
    })
}

/// It shows no lines: all comments are in the one that sums up.
fn on_commit(
    api: &Api,
    head: &str,
    review: &Review,
    problems: &mut Problems,
) -> Result<Published, Failure> {
    let posted = Posted::of(format!("{}@{head}", api.name()));
    let mut published = Published {
        folded: places(&review.comments),
        ..Published::default()
    };
    if let Some(text) = summary(review, &published.folded) {
        let body = json!({ "body": text });
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
