//! `merge_request_hooks`: opened, changed, approved, reopened, merged or closed. The rest is
//! bookkeeping.

use crate::{
    draft,
    payload::{Repository, first},
};
use push_notify_sdk::{
    Event, MergeRequest, Rejection,
    delivery::{
        AccountPayload, Accounts, Labels, MergeRequestAction, excerpt, missing, of_no_interest,
        present,
    },
};
use serde::Deserialize;

#[derive(Deserialize)]
pub(crate) struct MergeRequestEvent {
    action: Option<String>,
    /// What an `update` changed. With other actions it may say anything.
    action_desc: Option<String>,
    pull_request: Option<PullRequest>,
    // Gitee repeats some of it beside the object.
    number: Option<u64>,
    iid: Option<u64>,
    title: Option<String>,
    body: Option<String>,
    state: Option<String>,
    url: Option<String>,
    source_branch: Option<String>,
    target_branch: Option<String>,
    author: Option<AccountPayload>,
    repository: Option<Repository>,
    project: Option<Repository>,
    sender: Option<AccountPayload>,
    updated_by: Option<AccountPayload>,
}

#[derive(Default, Deserialize)]
pub(crate) struct PullRequest {
    number: Option<u64>,
    title: Option<String>,
    body: Option<String>,
    state: Option<String>,
    html_url: Option<String>,
    head: Option<Side>,
    base: Option<Side>,
    user: Option<AccountPayload>,
    draft: Option<bool>,
    merged: Option<bool>,
    merged_at: Option<String>,
    updated_at: Option<String>,
    labels: Option<Labels>,
    assignee: Option<AccountPayload>,
    assignees: Option<Accounts>,
    testers: Option<Accounts>,
}

#[derive(Default, Deserialize)]
struct Side {
    #[serde(rename = "ref")]
    git_ref: Option<String>,
    sha: Option<String>,
}

/// `json` is what the payload was read from, and `url` the repository's.
pub(crate) fn event(
    payload: MergeRequestEvent,
    json: &[u8],
    url: &str,
) -> Result<Event, Rejection> {
    let request = payload.pull_request.unwrap_or_default();
    let state = first(request.state, payload.state);
    let merged = request
        .merged
        .filter(|merged| *merged)
        .or_else(|| present(request.merged_at).map(|_| true))
        .or_else(|| (state.as_deref() == Some("merged")).then_some(true))
        .or(request.merged);
    let name = present(payload.action).ok_or_else(|| missing("action"))?;
    let number = request.number.or(payload.number).or(payload.iid);
    let is_draft = request.draft == Some(true);
    let ready = number.is_some_and(|number| draft::is_made_ready(url, number, is_draft, json));
    let description = payload.action_desc.as_deref().unwrap_or_default();
    let action = action(&name, description, merged, ready)?;
    let merged = match action {
        MergeRequestAction::Merged => Some(true),
        _ => merged,
    };
    let (head, base) = (
        request.head.unwrap_or_default(),
        request.base.unwrap_or_default(),
    );
    let happened_at = present(request.updated_at);
    let merge_request = MergeRequest {
        number: number.ok_or_else(|| missing("pull_request.number"))?,
        title: first(request.title, payload.title).unwrap_or_default(),
        text: first(request.body, payload.body),
        state: normalised(state.as_deref(), action, merged).to_owned(),
        source_branch: first(head.git_ref, payload.source_branch)
            .ok_or_else(|| missing("pull_request.head.ref"))?,
        target_branch: first(base.git_ref, payload.target_branch)
            .ok_or_else(|| missing("pull_request.base.ref"))?,
        head_sha: present(head.sha),
        base_sha: present(base.sha),
        url: first(request.html_url, payload.url),
        author: request
            .user
            .and_then(AccountPayload::person)
            .or_else(|| payload.author.and_then(AccountPayload::person)),
        draft: request.draft,
        merged,
        labels: Labels::names(request.labels),
        assignees: Accounts::people(request.assignees, request.assignee),
        reviewers: Accounts::people(request.testers, None),
    };
    Ok(Event {
        happened_at,
        actor: payload
            .sender
            .and_then(AccountPayload::person)
            .or_else(|| payload.updated_by.and_then(AccountPayload::person)),
        repository: Repository::normalised(payload.repository, payload.project)?,
        ..Event::of_merge_request(action, merge_request)
    })
}

impl PullRequest {
    /// As far as it is told of where somebody comments on it; none where not even its number is.
    pub(crate) fn mentioned(self) -> Option<MergeRequest> {
        let state = match (self.merged, self.state.as_deref()) {
            (Some(true), _) | (_, Some("merged")) => "merged",
            (_, Some("closed" | "close")) => "closed",
            _ => "open",
        };
        let (head, base) = (self.head.unwrap_or_default(), self.base.unwrap_or_default());
        Some(MergeRequest {
            number: self.number?,
            title: self.title.unwrap_or_default(),
            text: present(self.body),
            state: state.to_owned(),
            source_branch: head.git_ref.unwrap_or_default(),
            target_branch: base.git_ref.unwrap_or_default(),
            head_sha: present(head.sha),
            base_sha: present(base.sha),
            url: present(self.html_url),
            author: self.user.and_then(AccountPayload::person),
            draft: self.draft,
            merged: Some(state == "merged"),
            labels: Labels::names(self.labels),
            assignees: Accounts::people(self.assignees, self.assignee),
            reviewers: Accounts::people(self.testers, None),
        })
    }
}

fn action(
    action: &str,
    description: &str,
    merged: Option<bool>,
    ready: bool,
) -> Result<MergeRequestAction, Rejection> {
    match (action, description) {
        ("open", _) => Ok(MergeRequestAction::Opened),
        ("reopen", _) => Ok(MergeRequestAction::Reopened),
        ("update", "source_branch_changed") => Ok(MergeRequestAction::Updated),
        ("update", _) if ready => Ok(MergeRequestAction::Updated),
        ("update", "update_label") => Ok(MergeRequestAction::Labeled),
        ("update", "update_title" | "update_description" | "target_branch_changed") => {
            Ok(MergeRequestAction::Edited)
        }
        ("assign", _) => Ok(MergeRequestAction::Assigned),
        // Testers are the reviewers here.
        ("test", _) => Ok(MergeRequestAction::ReviewRequested),
        ("approved" | "tested", _) => Ok(MergeRequestAction::Approved),
        ("update", other) => {
            let quoted = format!("`{}`", excerpt(other));
            Err(of_no_interest("merge request update", &quoted))
        }
        ("merge", _) => Ok(MergeRequestAction::Merged),
        ("close", _) if merged == Some(true) => Ok(MergeRequestAction::Merged),
        ("close", _) => Ok(MergeRequestAction::Closed),
        (other, _) => Err(of_no_interest("merge request action", other)),
    }
}

fn normalised(
    state: Option<&str>,
    action: MergeRequestAction,
    merged: Option<bool>,
) -> &'static str {
    match (merged, state, action) {
        (Some(true), ..) => "merged",
        (_, Some("open"), _) => "open",
        (_, Some("closed" | "close"), _) | (_, _, MergeRequestAction::Closed) => "closed",
        _ => "open",
    }
}
