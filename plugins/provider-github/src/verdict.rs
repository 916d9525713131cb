//! `pull_request_review`: somebody approved a merge request, wants changes, or said something of
//! the whole.

use crate::pull_request::PullRequest;
use push_notify_sdk::{
    Comment, Event, Rejection,
    delivery::{
        AccountPayload, Id, MergeRequestAction, RepositoryPayload, missing, not_ours,
        of_no_interest, present,
    },
};
use serde::Deserialize;

#[derive(Deserialize)]
pub(crate) struct ReviewEvent {
    action: Option<String>,
    review: Option<Review>,
    pull_request: Option<PullRequest>,
    repository: Option<RepositoryPayload>,
    sender: Option<AccountPayload>,
}

#[derive(Deserialize)]
struct Review {
    id: Option<Id>,
    body: Option<String>,
    state: Option<String>,
    html_url: Option<String>,
    commit_id: Option<String>,
    submitted_at: Option<String>,
}

pub(crate) fn event(payload: ReviewEvent) -> Result<Event, Rejection> {
    let action = present(payload.action).ok_or_else(|| missing("action"))?;
    let review = payload.review.ok_or_else(|| missing("review"))?;
    let request = payload
        .pull_request
        .ok_or_else(|| missing("pull_request"))?;
    if action != "submitted" {
        return Err(of_no_interest("pull_request_review action", &action));
    }
    let state = present(review.state).ok_or_else(|| missing("review.state"))?;
    let text = present(review.body);
    let action = match state.to_ascii_lowercase().as_str() {
        "approved" => MergeRequestAction::Approved,
        "changes_requested" => MergeRequestAction::ChangesRequested,
        "commented" if text.is_none() => {
            let reason = "the comments of a review without words arrive by themselves";
            return Err(Rejection::Ignored(reason.to_owned()));
        }
        "commented" => MergeRequestAction::Reviewed,
        other => return Err(of_no_interest("review state", other)),
    };
    let url = present(review.html_url);
    let comment = text
        .map(|text| {
            not_ours(&text)?;
            Ok(Comment {
                id: review.id.map(|id| id.0),
                text,
                url: url.clone(),
                ..Comment::default()
            })
        })
        .transpose()?;
    let event = Event::of_merge_request(action, request.normalised());
    Ok(Event {
        url: url.or(event.url),
        after: present(review.commit_id),
        happened_at: present(review.submitted_at),
        actor: payload.sender.and_then(AccountPayload::person),
        repository: RepositoryPayload::normalised(payload.repository)?,
        comment,
        ..event
    })
}
