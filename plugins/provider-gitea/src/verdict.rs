//! `pull_request_approved`, `pull_request_rejected` and `pull_request_comment`: what somebody's
//! review decided. What it says of lines is told nowhere.

use crate::pull_request::PullRequest;
use push_notify_sdk::{
    Comment, Event, Rejection,
    delivery::{
        AccountPayload, MergeRequestAction, RepositoryPayload, missing, not_ours, of_no_interest,
        present,
    },
};
use serde::Deserialize;

#[derive(Deserialize)]
pub(crate) struct ReviewEvent {
    number: Option<u64>,
    pull_request: Option<PullRequest>,
    review: Option<Review>,
    commit_id: Option<String>,
    repository: Option<RepositoryPayload>,
    sender: Option<AccountPayload>,
}

#[derive(Deserialize)]
struct Review {
    #[serde(rename = "type")]
    kind: Option<String>,
    content: Option<String>,
}

pub(crate) fn event(payload: ReviewEvent) -> Result<Event, Rejection> {
    let review = payload.review.ok_or_else(|| missing("review"))?;
    let request = payload
        .pull_request
        .ok_or_else(|| missing("pull_request"))?;
    let kind = present(review.kind).ok_or_else(|| missing("review.type"))?;
    let action = match kind.strip_prefix("pull_request_").unwrap_or(&kind) {
        "review_approved" | "approved" => MergeRequestAction::Approved,
        "review_rejected" | "rejected" => MergeRequestAction::ChangesRequested,
        "review_comment" | "comment" => MergeRequestAction::Reviewed,
        _ => return Err(of_no_interest("review type", &kind)),
    };
    let comment = present(review.content)
        .map(|text| {
            not_ours(&text)?;
            Ok(Comment {
                text,
                ..Comment::default()
            })
        })
        .transpose()?;
    Ok(Event {
        after: present(payload.commit_id),
        actor: payload.sender.and_then(AccountPayload::person),
        repository: RepositoryPayload::normalised(payload.repository)?,
        comment,
        ..Event::of_merge_request(action, request.normalised(payload.number)?)
    })
}
