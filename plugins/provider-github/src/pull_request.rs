//! `pull_request`: opened, changed, reopened, merged or closed. The rest is bookkeeping.

use push_notify_sdk::{
    Event, MergeRequest, Rejection,
    delivery::{
        AccountPayload, Accounts, Labels, MergeRequestAction, RepositoryPayload, missing,
        of_no_interest, present,
    },
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
    sender: Option<AccountPayload>,
}

#[derive(Deserialize)]
pub(crate) struct PullRequest {
    number: u64,
    title: Option<String>,
    body: Option<String>,
    state: Option<String>,
    head: Side,
    base: Side,
    html_url: Option<String>,
    user: Option<AccountPayload>,
    draft: Option<bool>,
    merged: Option<bool>,
    merged_at: Option<String>,
    updated_at: Option<String>,
    labels: Option<Labels>,
    assignees: Option<Accounts>,
    requested_reviewers: Option<Accounts>,
}

#[derive(Deserialize)]
struct Side {
    #[serde(rename = "ref")]
    git_ref: String,
    sha: Option<String>,
}

pub(crate) fn event(payload: PullRequestEvent) -> Result<Event, Rejection> {
    let action = payload.action.ok_or_else(|| missing("action"))?;
    let mut request = payload
        .pull_request
        .ok_or_else(|| missing("pull_request"))?;
    let action = match action.as_str() {
        "opened" => MergeRequestAction::Opened,
        "synchronize" | "ready_for_review" => MergeRequestAction::Updated,
        "edited" => MergeRequestAction::Edited,
        "labeled" => MergeRequestAction::Labeled,
        "assigned" => MergeRequestAction::Assigned,
        "review_requested" => MergeRequestAction::ReviewRequested,
        "reopened" => MergeRequestAction::Reopened,
        "closed" if request.merged() == Some(true) => MergeRequestAction::Merged,
        "closed" => {
            request.state.get_or_insert_with(|| "closed".to_owned());
            MergeRequestAction::Closed
        }
        other => return Err(of_no_interest("pull_request action", other)),
    };
    Ok(Event {
        before: present(payload.before),
        after: present(payload.after),
        happened_at: present(request.updated_at.clone()),
        actor: payload.sender.and_then(AccountPayload::person),
        repository: RepositoryPayload::normalised(payload.repository)?,
        ..Event::of_merge_request(action, request.normalised())
    })
}

impl PullRequest {
    /// Where it is only mentioned, it has no more than the time.
    fn merged(&self) -> Option<bool> {
        self.merged.or(self.merged_at.as_ref().map(|_| true))
    }

    pub(crate) fn normalised(self) -> MergeRequest {
        let merged = self.merged();
        // GitHub knows only open and closed.
        let state = match (merged, self.state.as_deref()) {
            (Some(true), _) => "merged",
            (_, Some("closed")) => "closed",
            _ => "open",
        };
        MergeRequest {
            number: self.number,
            title: self.title.unwrap_or_default(),
            text: present(self.body),
            state: state.to_owned(),
            source_branch: self.head.git_ref,
            target_branch: self.base.git_ref,
            head_sha: present(self.head.sha),
            base_sha: present(self.base.sha),
            url: present(self.html_url),
            author: self.user.and_then(AccountPayload::person),
            draft: self.draft,
            merged,
            labels: Labels::names(self.labels),
            assignees: Accounts::people(self.assignees, None),
            reviewers: Accounts::people(self.requested_reviewers, None),
        }
    }
}
