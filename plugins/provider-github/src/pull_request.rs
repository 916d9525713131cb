//! `pull_request`: opened, changed in its commits or made ready, reopened, merged or closed. The
//! rest is bookkeeping.

use crate::Account;
use push_notify_sdk::{
    Event, MergeRequest, Rejection,
    delivery::{MergeRequestAction, RepositoryPayload, missing, of_no_interest, present},
};
use serde::Deserialize;

#[derive(Deserialize)]
pub(crate) struct PullRequestEvent {
    action: Option<String>,
    /// With `synchronize`, the head before and after.
    before: Option<String>,
    after: Option<String>,
    pull_request: Option<PullRequest>,
    repository: Option<RepositoryPayload>,
    sender: Option<Account>,
}

#[derive(Deserialize)]
struct PullRequest {
    number: u64,
    title: Option<String>,
    state: Option<String>,
    head: Side,
    base: Side,
    html_url: Option<String>,
    user: Option<Account>,
    draft: Option<bool>,
    merged: Option<bool>,
    merged_at: Option<String>,
}

#[derive(Deserialize)]
struct Side {
    #[serde(rename = "ref")]
    git_ref: String,
    sha: Option<String>,
}

pub(crate) fn event(payload: PullRequestEvent) -> Result<Event, Rejection> {
    let action = payload.action.ok_or_else(|| missing("action"))?;
    let pull_request = payload
        .pull_request
        .ok_or_else(|| missing("pull_request"))?;
    let merged = pull_request
        .merged
        .or_else(|| pull_request.merged_at.as_ref().map(|_| true));
    let action = match action.as_str() {
        "opened" => MergeRequestAction::Opened,
        "synchronize" | "ready_for_review" => MergeRequestAction::Updated,
        "reopened" => MergeRequestAction::Reopened,
        "closed" if merged == Some(true) => MergeRequestAction::Merged,
        "closed" => MergeRequestAction::Closed,
        other => return Err(of_no_interest("pull_request action", other)),
    };
    Ok(Event {
        before: present(payload.before),
        after: present(payload.after),
        actor: payload.sender.and_then(Account::person),
        repository: RepositoryPayload::normalised(payload.repository)?,
        ..Event::of_merge_request(action, pull_request.normalised(action, merged))
    })
}

impl PullRequest {
    fn normalised(self, action: MergeRequestAction, merged: Option<bool>) -> MergeRequest {
        // GitHub knows only open and closed.
        let state = match (merged, self.state.as_deref(), action) {
            (Some(true), ..) => "merged",
            (_, Some("open"), _) => "open",
            (_, Some("closed"), _) | (_, _, MergeRequestAction::Closed) => "closed",
            _ => "open",
        };
        MergeRequest {
            number: self.number,
            title: self.title.unwrap_or_default(),
            state: state.to_owned(),
            source_branch: self.head.git_ref,
            target_branch: self.base.git_ref,
            head_sha: present(self.head.sha),
            base_sha: present(self.base.sha),
            url: present(self.html_url),
            author: self.user.and_then(Account::person),
            draft: self.draft,
            merged,
            ..MergeRequest::default()
        }
    }
}
