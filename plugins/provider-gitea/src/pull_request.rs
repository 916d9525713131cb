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
    number: Option<u64>,
    changes: Option<Changes>,
    pull_request: Option<PullRequest>,
    repository: Option<RepositoryPayload>,
    sender: Option<AccountPayload>,
}

#[derive(Deserialize)]
struct Changes {
    title: Option<From>,
}

#[derive(Deserialize)]
struct From {
    from: Option<String>,
}

#[derive(Deserialize)]
pub(crate) struct PullRequest {
    number: Option<u64>,
    title: Option<String>,
    body: Option<String>,
    state: Option<String>,
    head: Option<Side>,
    base: Option<Side>,
    /// Gogs has only these instead of `head` and `base`.
    head_branch: Option<String>,
    base_branch: Option<String>,
    html_url: Option<String>,
    user: Option<AccountPayload>,
    draft: Option<bool>,
    merged: Option<bool>,
    updated_at: Option<String>,
    labels: Option<Labels>,
    assignee: Option<AccountPayload>,
    assignees: Option<Accounts>,
    requested_reviewers: Option<Accounts>,
}

#[derive(Deserialize)]
struct Side {
    label: Option<String>,
    #[serde(rename = "ref")]
    git_ref: Option<String>,
    sha: Option<String>,
}

pub(crate) fn event(payload: PullRequestEvent) -> Result<Event, Rejection> {
    let action = payload.action.ok_or_else(|| missing("action"))?;
    let mut pull_request = payload
        .pull_request
        .ok_or_else(|| missing("pull_request"))?;
    let action = match action.as_str() {
        "opened" => MergeRequestAction::Opened,
        "synchronized" => MergeRequestAction::Updated,
        "edited" if made_ready(&pull_request, payload.changes) => MergeRequestAction::Updated,
        "edited" => MergeRequestAction::Edited,
        "label_updated" => MergeRequestAction::Labeled,
        "assigned" => MergeRequestAction::Assigned,
        "review_requested" => MergeRequestAction::ReviewRequested,
        "reopened" => MergeRequestAction::Reopened,
        "closed" if pull_request.merged == Some(true) => MergeRequestAction::Merged,
        "closed" => {
            let state = &mut pull_request.state;
            state.get_or_insert_with(|| "closed".to_owned());
            MergeRequestAction::Closed
        }
        other => return Err(of_no_interest("pull_request action", other)),
    };
    Ok(Event {
        actor: payload.sender.and_then(AccountPayload::person),
        repository: RepositoryPayload::normalised(payload.repository)?,
        happened_at: present(pull_request.updated_at.clone()),
        ..Event::of_merge_request(action, pull_request.normalised(payload.number)?)
    })
}

/// A draft is one by the start of its title, so it is made ready by taking that away.
fn made_ready(pull_request: &PullRequest, changes: Option<Changes>) -> bool {
    let before = changes
        .and_then(|changes| changes.title)
        .and_then(|title| title.from);
    before.is_some_and(|title| marked_as_draft(&title)) && pull_request.draft() != Some(true)
}

/// The prefixes that Gitea looks for unless its administrator chose others.
fn marked_as_draft(title: &str) -> bool {
    ["WIP:", "[WIP]"].iter().any(|prefix| {
        let start = title.get(..prefix.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(prefix))
    })
}

impl PullRequest {
    /// Older versions have no such field.
    fn draft(&self) -> Option<bool> {
        let title = self.title.as_deref().unwrap_or_default();
        self.draft
            .or_else(|| marked_as_draft(title).then_some(true))
    }

    /// `number` is what the delivery says beside it.
    pub(crate) fn normalised(self, number: Option<u64>) -> Result<MergeRequest, Rejection> {
        // The host knows only open and closed.
        let state = match (self.merged, self.state.as_deref()) {
            (Some(true), _) => "merged",
            (_, Some("closed")) => "closed",
            _ => "open",
        };
        let draft = self.draft();
        let (source_branch, head_sha) = parts(self.head, self.head_branch);
        let (target_branch, base_sha) = parts(self.base, self.base_branch);
        Ok(MergeRequest {
            number: self
                .number
                .or(number)
                .ok_or_else(|| missing("pull_request.number"))?,
            title: self.title.unwrap_or_default(),
            text: present(self.body),
            state: state.to_owned(),
            source_branch: source_branch.ok_or_else(|| missing("pull_request.head.ref"))?,
            target_branch: target_branch.ok_or_else(|| missing("pull_request.base.ref"))?,
            head_sha,
            base_sha,
            url: present(self.html_url),
            author: self.user.and_then(AccountPayload::person),
            draft,
            merged: self.merged,
            labels: Labels::names(self.labels),
            assignees: Accounts::people(self.assignees, self.assignee),
            reviewers: Accounts::people(self.requested_reviewers, None),
        })
    }
}

/// Branch and SHA of a side.
fn parts(side: Option<Side>, bare: Option<String>) -> (Option<String>, Option<String>) {
    let Some(side) = side else {
        return (present(bare), None);
    };
    let (git_ref, label) = (present(side.git_ref), present(side.label));
    // Where the branch or its repository is gone, `ref` is `refs/pull/1/head`, and only the label
    // remembers the name.
    let branch = match git_ref {
        Some(full) if full.starts_with("refs/pull/") => label.or(Some(full)),
        short => short.or(label).or(bare),
    };
    (branch, present(side.sha))
}
