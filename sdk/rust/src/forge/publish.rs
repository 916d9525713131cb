//! A review where people discuss the change: at a merge request or a commit.

use super::{
    Client, Dialect, Discussion, Posted, Problems, places, post_summary, sha, shortened, summary,
};
use crate::{Event, Failure, Published, Review};

pub(super) fn publish<D: Dialect>(
    client: &Client<D>,
    event: &Event,
    review: &Review,
) -> Result<Published, Failure> {
    let token = client.writer()?;
    let head = sha(&review.head_sha)?;
    let mut problems = Problems::default();
    let mut published = match &event.merge_request {
        Some(request) => {
            Discussion::of(client, request.number, review, token).publish(&mut problems)?
        }
        None => D::on_commit(client, review, &mut problems)?,
    };
    if let Some(status) = &review.status {
        problems.note("commit status", D::set_status(client, head, status))?;
    }
    published.problems = problems.into_lines();
    Ok(published)
}

/// As a comment on the commit.
pub(super) fn on_commit<D: Dialect>(
    client: &Client<D>,
    review: &Review,
    problems: &mut Problems,
) -> Result<Published, Failure> {
    let head = &review.head_sha;
    let mut published = Published {
        folded: places(&review.comments),
        ..Published::default()
    };
    if let Some(text) = summary(review, &published.folded) {
        let body = D::comment(&shortened(&text, D::LONGEST_COMMENT));
        let result = post_summary(
            &Posted::at_commit(client, head),
            review.earlier.as_deref(),
            || Ok(None),
            |id| {
                let request = D::edit_commit_comment(client, head, id);
                Ok(request.json(&body).send()?)
            },
            || Ok(D::new_commit_comment(client, head).json(&body).send()?),
        );
        published.summary = problems.note("summary", result)?.flatten();
    }
    Ok(published)
}

impl Posted {
    /// What a review has posted at a commit.
    pub fn at_commit<D: Dialect>(client: &Client<D>, head: &str) -> Self {
        Self::of(format!("{}@{head}", client.name()))
    }
}
