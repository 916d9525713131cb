//! `pr:*`: what happened to a pull request.

use crate::parts::{Links, RepositoryPayload, User};
use push_notify_sdk::{
    Event, MergeRequest, Person, Rejection, Repository,
    delivery::{Listed, MergeRequestAction, missing, present, time},
};
use serde::{Deserialize, de::IgnoredAny};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PullRequestEvent {
    pull_request: Option<PullRequest>,
    added_reviewers: Option<Listed<IgnoredAny, 1>>,
    date: Option<String>,
    actor: Option<User>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PullRequest {
    id: Option<u64>,
    title: Option<String>,
    description: Option<String>,
    state: Option<String>,
    draft: Option<bool>,
    from_ref: Option<Side>,
    to_ref: Option<Side>,
    author: Option<Participant>,
    reviewers: Option<Listed<Option<Participant>, 100>>,
    links: Option<Links>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Side {
    id: Option<String>,
    display_id: Option<String>,
    latest_commit: Option<String>,
    repository: Option<RepositoryPayload>,
}

#[derive(Deserialize)]
struct Participant {
    user: Option<User>,
}

pub(crate) fn event(
    payload: PullRequestEvent,
    action: MergeRequestAction,
) -> Result<Event, Rejection> {
    let request = payload.pull_request.ok_or_else(|| missing("pullRequest"))?;
    let (mut request, repository) = request.normalised()?;
    // One that is deleted was open until then.
    if action == MergeRequestAction::Closed {
        request.state = "closed".to_owned();
    }
    Ok(Event {
        actor: payload.actor.and_then(User::person),
        happened_at: time(payload.date),
        repository,
        ..Event::of_merge_request(action, request)
    })
}

pub(crate) fn reviewers_updated(payload: PullRequestEvent) -> Result<Event, Rejection> {
    let added = payload.added_reviewers.as_ref();
    if added.is_some_and(|added| added.entries.is_empty()) {
        return Err(Rejection::Ignored("nobody is asked to review".to_owned()));
    }
    event(payload, MergeRequestAction::ReviewRequested)
}

impl PullRequest {
    /// With the repository that it is of.
    pub(crate) fn normalised(self) -> Result<(MergeRequest, Repository), Rejection> {
        let state = match self.state.as_deref() {
            Some("MERGED") => "merged",
            Some("DECLINED") => "closed",
            _ => "open",
        };
        let to = self.to_ref.ok_or_else(|| missing("pullRequest.toRef"))?;
        let from = self
            .from_ref
            .ok_or_else(|| missing("pullRequest.fromRef"))?;
        let (target_branch, base_sha, home) = to.parts();
        let home = home?;
        let (source_branch, head_sha, fork) = from.parts();
        let source_branch = source_branch.ok_or_else(|| missing("pullRequest.fromRef.id"))?;
        let source_branch = match fork {
            // A fork's branch is not taken for one of the repository's.
            Ok(fork) if fork.full_name != home.full_name => {
                let project = fork.full_name.split('/').next().unwrap_or_default();
                format!("{project}:{source_branch}")
            }
            _ => source_branch,
        };
        let person = |it: Participant| it.user.and_then(User::person);
        let reviewers = self.reviewers.unwrap_or_default().entries.into_iter();
        let reviewers: Vec<Person> = reviewers.flatten().filter_map(person).collect();
        let request = MergeRequest {
            number: self.id.ok_or_else(|| missing("pullRequest.id"))?,
            title: self.title.unwrap_or_default(),
            text: present(self.description),
            state: state.to_owned(),
            source_branch,
            target_branch: target_branch.ok_or_else(|| missing("pullRequest.toRef.id"))?,
            head_sha,
            base_sha,
            url: self.links.and_then(|mut links| links.page()),
            author: self.author.and_then(person),
            draft: self.draft,
            merged: Some(state == "merged"),
            labels: Vec::new(),
            assignees: Vec::new(),
            reviewers,
        };
        Ok((request, home))
    }
}

impl Side {
    /// Branch, commit and repository.
    fn parts(
        self,
    ) -> (
        Option<String>,
        Option<String>,
        Result<Repository, Rejection>,
    ) {
        let short = |full: String| full.trim_start_matches("refs/heads/").to_owned();
        let branch = present(self.display_id).or(present(self.id).map(short));
        let repository = RepositoryPayload::normalised(self.repository);
        (branch, present(self.latest_commit), repository)
    }
}
