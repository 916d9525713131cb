//! A review where people discuss the change: comments at lines (<https://docs.gitlab.com/api/discussions/>), one note that sums up
//! (<https://docs.gitlab.com/api/notes/>), an approval, and the commit's status (<https://docs.gitlab.com/api/commits/>).

use crate::{
    api::Api,
    version::{self, Refs},
};
use push_notify_sdk::{
    CommitStatus, Decision, Event, Failure, Published, Review, ReviewComment, StatusState,
    forge::{
        self, Marks, Posted, Problems, Remark, check, find, inert, marked, places, post_comments,
        post_summary, post_verdict, recall, remarks, summary,
    },
};
use serde_json::json;

/// Under which the status stands among the commit's others.
const STATUS: &str = "push-notify/review";

pub(crate) fn publish(api: &Api, event: &Event, review: &Review) -> Result<Published, Failure> {
    let token = api.writer()?;
    let head = forge::sha(&review.head_sha)?;
    let mut problems = Problems::default();
    let mut published = match &event.merge_request {
        Some(request) => {
            let name = format!("{}!{}", api.name(), request.number);
            let posted = Posted::of(format!("{name}@{head}"));
            let path = format!("/merge_requests/{}", request.number);
            let marks = Marks::of(name, token);
            on_merge_request(api, &path, review, &marks, &posted, &mut problems)?
        }
        None => {
            let posted = Posted::of(format!("{}@{head}", api.name()));
            on_commit(api, review, &posted, &mut problems)?
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
    path: &str,
    review: &Review,
    marks: &Marks<'_>,
    posted: &Posted,
    problems: &mut Problems,
) -> Result<Published, Failure> {
    let folded = at_lines(api, path, review, marks, posted, problems)?;
    let mut published = Published {
        folded,
        ..Published::default()
    };
    if let Some(text) = summary(review, &published.folded) {
        let body = json!({ "body": marked(&text, &marks.summary()) });
        let result = post_summary(
            posted,
            review.earlier.as_deref(),
            || Ok(find(&newest(api, path)?, &marks.summary())),
            |id| {
                let request = api.put(&format!("{path}/notes/{id}"));
                Ok(request.json(&body).send()?)
            },
            || Ok(api.post(&format!("{path}/notes")).json(&body).send()?),
        );
        published.summary = problems.note("summary", result)?.flatten();
    }
    decide(api, path, review, posted)?;
    Ok(published)
}

/// The newest notes, also those at lines.
fn newest(api: &Api, path: &str) -> Result<Vec<Remark>, Failure> {
    let notes = api.get(&format!("{path}/notes")).query("per_page", 100);
    let newest = notes.query("order_by", "created_at").query("sort", "desc");
    remarks(newest.send())
}

/// Answers the places of the comments that found none.
fn at_lines(
    api: &Api,
    path: &str,
    review: &Review,
    marks: &Marks<'_>,
    posted: &Posted,
    problems: &mut Problems,
) -> Result<Vec<u32>, Failure> {
    if review.comments.is_empty() {
        return Ok(Vec::new());
    }
    let refs = problems.note(
        "comments at lines",
        version::refs(api, path, &review.head_sha),
    )?;
    let refs = match refs {
        Some(Some(refs)) => refs,
        Some(None) => {
            problems.add("comments at lines: the merge request knows the reviewed commit no more");
            return Ok(places(&review.comments));
        }
        None => return Ok(places(&review.comments)),
    };
    let mark = |comment: &ReviewComment| marks.comment(&review.head_sha, comment);
    recall(&review.comments, posted, mark, || newest(api, path))?;
    let discussions = format!("{path}/discussions");
    post_comments(&review.comments, posted, problems, |comment| {
        let text = marked(&inert(&comment.body), &mark(comment));
        let body = json!({ "body": text, "position": position(comment, &refs) });
        Ok(api.post(&discussions).json(&body).send()?)
    })
}

/// An added line has a number in the new file only, one that is shown around it in both.
fn position(comment: &ReviewComment, refs: &Refs) -> serde_json::Value {
    let old_path = comment.old_path.as_ref().unwrap_or(&comment.path);
    let mut position = json!({
        "position_type": "text",
        "base_sha": refs.base_sha, "start_sha": refs.start_sha, "head_sha": refs.head_sha,
        "old_path": old_path, "new_path": comment.path, "new_line": comment.line,
    });
    if let Some(old_line) = comment.old_line {
        position["old_line"] = old_line.into();
    }
    position
}

/// Approves, or takes the approval of a former review back.
fn decide(api: &Api, path: &str, review: &Review, posted: &Posted) -> Result<(), Failure> {
    let Some(verdict) = review.verdict else {
        return Ok(());
    };
    let request = match verdict {
        Decision::Approved => {
            let body = json!({ "sha": review.head_sha });
            api.post(&format!("{path}/approve")).json(&body)
        }
        Decision::RequestChanges | Decision::Comment => api.post(&format!("{path}/unapprove")),
    };
    post_verdict(posted, verdict, || Ok(Some(request.send()?)))
}

/// A commit has one comment for each review; it shows no lines.
fn on_commit(
    api: &Api,
    review: &Review,
    posted: &Posted,
    problems: &mut Problems,
) -> Result<Published, Failure> {
    let folded = places(&review.comments);
    if let Some(text) = summary(review, &folded)
        && !posted.has(&text)
    {
        let request = api.post(&format!("/repository/commits/{}/comments", review.head_sha));
        let answer = request.json(&json!({ "note": text })).send()?;
        if problems.note("summary", check(answer))?.is_some() {
            posted.remember(&text);
        }
    }
    Ok(Published {
        // Such a comment has no id.
        summary: None,
        folded,
        problems: Vec::new(),
    })
}

fn set_status(api: &Api, head: &str, status: &CommitStatus) -> Result<(), Failure> {
    let state = match status.state {
        StatusState::Pending => "pending",
        StatusState::Success => "success",
        StatusState::Failure | StatusState::Error => "failed",
    };
    let mut body =
        json!({ "state": state, "name": STATUS, "description": status.description.as_str() });
    if let Some(url) = &status.url {
        body["target_url"] = url.as_str().into();
    }
    let answer = api.post(&format!("/statuses/{head}")).json(&body).send()?;
    // It is what it shall be: GitLab takes no state twice in a row.
    if answer.status == 400 && answer.text().contains(&format!("from :{state}")) {
        return Ok(());
    }
    check(answer).map(drop)
}
