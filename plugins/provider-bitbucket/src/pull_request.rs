//! `pullrequest:*`: what happened to a pull request.

use crate::parts::{Account, Accounts, Branch, Content, Hash, Links, RepositoryPayload};
use push_notify_sdk::{
    Event, MergeRequest, Rejection,
    delivery::{MergeRequestAction, missing, present},
};
use serde::Deserialize;

#[derive(Deserialize)]
pub(crate) struct PullRequestEvent {
    pullrequest: Option<PullRequest>,
    repository: Option<RepositoryPayload>,
    actor: Option<Account>,
}

#[derive(Deserialize)]
pub(crate) struct PullRequest {
    id: Option<u64>,
    title: Option<String>,
    description: Option<String>,
    summary: Option<Content>,
    state: Option<String>,
    draft: Option<bool>,
    author: Option<Account>,
    source: Option<Side>,
    destination: Option<Side>,
    reviewers: Option<Accounts>,
    updated_on: Option<String>,
    links: Option<Links>,
}

#[derive(Deserialize)]
struct Side {
    branch: Option<Branch>,
    /// By the first twelve digits.
    commit: Option<Hash>,
    repository: Option<RepositoryPayload>,
}

pub(crate) fn event(
    payload: PullRequestEvent,
    action: MergeRequestAction,
) -> Result<Event, Rejection> {
    let request = payload.pullrequest.ok_or_else(|| missing("pullrequest"))?;
    let repository = RepositoryPayload::normalised(payload.repository)?;
    Ok(Event {
        actor: payload.actor.and_then(Account::person),
        happened_at: present(request.updated_on.clone()),
        ..Event::of_merge_request(action, request.normalised(&repository.full_name)?)
    })
    .map(|event| Event {
        repository,
        ..event
    })
}

impl PullRequest {
    /// `home` is the full name of the repository that it is of.
    pub(crate) fn normalised(self, home: &str) -> Result<MergeRequest, Rejection> {
        let state = match self.state.as_deref() {
            Some("MERGED") => "merged",
            Some("DECLINED" | "SUPERSEDED") => "closed",
            _ => "open",
        };
        let (source_branch, head_sha) = Side::parts(self.source, home);
        let (target_branch, base_sha) = Side::parts(self.destination, home);
        Ok(MergeRequest {
            number: self.id.ok_or_else(|| missing("pullrequest.id"))?,
            title: self.title.unwrap_or_default(),
            text: present(self.description).or_else(|| Content::text(self.summary)),
            state: state.to_owned(),
            source_branch: source_branch
                .ok_or_else(|| missing("pullrequest.source.branch.name"))?,
            target_branch: target_branch
                .ok_or_else(|| missing("pullrequest.destination.branch.name"))?,
            head_sha,
            base_sha,
            url: Links::page(self.links),
            author: self.author.and_then(Account::person),
            draft: self.draft,
            merged: Some(state == "merged"),
            labels: Vec::new(),
            assignees: Vec::new(),
            reviewers: Accounts::people(self.reviewers),
        })
    }
}

impl Side {
    /// Branch and commit. A fork's branch has its owner before it, so that it is not taken for one
    /// of the repository's.
    fn parts(side: Option<Self>, home: &str) -> (Option<String>, Option<String>) {
        let Some(side) = side else {
            return (None, None);
        };
        let branch = side.branch.and_then(|branch| present(branch.name));
        let fork = RepositoryPayload::normalised(side.repository).ok();
        let fork = fork.map(|fork| fork.full_name).filter(|name| name != home);
        let branch =
            branch.map(
                |branch| match fork.as_deref().and_then(|it| it.split('/').next()) {
                    Some(owner) => format!("{owner}:{branch}"),
                    None => branch,
                },
            );
        (branch, Hash::of(side.commit))
    }
}
