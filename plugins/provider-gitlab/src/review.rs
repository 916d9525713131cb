//! A review's comments at lines (<https://docs.gitlab.com/api/discussions/>), and what it leaves at
//! a commit (<https://docs.gitlab.com/api/commits/>).

use crate::{
    Gitlab,
    version::{self, Refs},
};
use push_notify_sdk::{
    Failure, Published, Review, ReviewComment,
    forge::{Client, Dialect, Discussion, Posted, Problems, check, places, summary},
};
use serde_json::json;

pub(crate) fn at_lines(
    discussion: &Discussion<'_, Gitlab>,
    problems: &mut Problems,
) -> Result<Vec<u32>, Failure> {
    let Discussion { client, review, .. } = discussion;
    if review.comments.is_empty() {
        return Ok(Vec::new());
    }
    let path = format!("/merge_requests/{}", discussion.number);
    let refs = problems.note(
        "comments at lines",
        version::refs(client, &path, &review.head_sha),
    )?;
    let refs = match refs {
        Some(Some(refs)) => refs,
        Some(None) => {
            problems.add("comments at lines: the merge request knows the reviewed commit no more");
            return Ok(places(&review.comments));
        }
        None => return Ok(places(&review.comments)),
    };
    discussion.recall(|| Gitlab::comments(client, discussion.number))?;
    let discussions = format!("{path}/discussions");
    discussion.post_comments(problems, |comment| {
        let position = position(comment, &refs);
        let body = json!({ "body": discussion.text(comment), "position": position });
        client.post(&discussions).json(&body)
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

/// A commit has one comment for each review; it shows no lines, and has no id.
pub(crate) fn on_commit(
    client: &Client<Gitlab>,
    review: &Review,
    problems: &mut Problems,
) -> Result<Published, Failure> {
    let posted = Posted::at_commit(client, &review.head_sha);
    let folded = places(&review.comments);
    if let Some(text) = summary(review, &folded)
        && !posted.has(&text)
    {
        let request = client.post(&format!("/repository/commits/{}/comments", review.head_sha));
        let answer = request.json(&json!({ "note": text })).send()?;
        if problems.note("summary", check(answer))?.is_some() {
            posted.remember(&text);
        }
    }
    Ok(Published {
        folded,
        ..Published::default()
    })
}
