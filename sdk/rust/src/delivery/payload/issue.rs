use super::{AccountPayload, Accounts, Id};
use crate::{
    Issue, MergeRequest, Rejection,
    delivery::{Listed, missing, present},
};
use serde::Deserialize;

/// An issue. A merge request is one, too, to most hosts of this kin, and is told of as one where
/// somebody comments on it.
#[derive(Debug, Deserialize)]
pub struct IssuePayload {
    number: Option<Id>,
    title: Option<String>,
    body: Option<String>,
    state: Option<String>,
    html_url: Option<String>,
    user: Option<AccountPayload>,
    labels: Option<Labels>,
    assignee: Option<AccountPayload>,
    assignees: Option<Accounts>,
    draft: Option<bool>,
    updated_at: Option<String>,
    pull_request: Option<PullRequestMark>,
}

/// What an issue has that is a merge request.
#[derive(Debug, Deserialize)]
struct PullRequestMark {
    merged: Option<bool>,
    merged_at: Option<String>,
    draft: Option<bool>,
}

#[derive(Debug, Deserialize)]
struct LabelPayload {
    name: Option<String>,
    /// What GitLab calls it.
    title: Option<String>,
}

/// More than the engine keeps.
#[derive(Debug, Default, Deserialize)]
#[serde(transparent)]
pub struct Labels(Listed<Option<LabelPayload>, 100>);

impl Labels {
    pub fn names(labels: Option<Self>) -> Vec<String> {
        let labels = labels.unwrap_or_default().0.entries;
        let name = |label: LabelPayload| present(label.name).or(present(label.title));
        labels.into_iter().flatten().filter_map(name).collect()
    }
}

impl IssuePayload {
    pub fn is_merge_request(&self) -> bool {
        self.pull_request.is_some()
    }

    /// As the host says it, which may be one that the contract does not know.
    pub fn state(&self) -> Option<String> {
        present(self.state.clone())
    }

    /// When it was changed last.
    pub fn updated_at(&self) -> Option<String> {
        present(self.updated_at.clone())
    }

    pub fn normalised(self) -> Result<Issue, Rejection> {
        let number = self.number.map(|number| number.0);
        // Gitee has more ways to be closed, and to be worked on.
        let state = match self.state.as_deref() {
            Some("closed" | "close" | "rejected") => "closed",
            _ => "open",
        };
        Ok(Issue {
            number: present(number).ok_or_else(|| missing("issue.number"))?,
            title: self.title.unwrap_or_default(),
            text: present(self.body),
            state: state.to_owned(),
            url: present(self.html_url),
            author: self.user.and_then(AccountPayload::person),
            labels: Labels::names(self.labels),
            assignees: Accounts::people(self.assignees, self.assignee),
        })
    }

    /// The merge request that it is, of which branches and commits are not told here: its branches
    /// are empty.
    pub fn merge_request(self) -> Result<MergeRequest, Rejection> {
        let number = self.number.as_ref().and_then(Id::number);
        let mark = self.pull_request.as_ref();
        let merged = mark.and_then(|mark| {
            let merged_at = mark.merged_at.as_deref().filter(|at| !at.is_empty());
            mark.merged.or(merged_at.map(|_| true))
        });
        let state = match (merged, self.state.as_deref()) {
            (Some(true), _) => "merged",
            (_, Some("closed")) => "closed",
            _ => "open",
        };
        Ok(MergeRequest {
            number: number.ok_or_else(|| missing("issue.number"))?,
            title: self.title.unwrap_or_default(),
            text: present(self.body),
            state: state.to_owned(),
            url: present(self.html_url),
            author: self.user.and_then(AccountPayload::person),
            draft: self.draft.or(mark.and_then(|mark| mark.draft)),
            merged,
            labels: Labels::names(self.labels),
            assignees: Accounts::people(self.assignees, self.assignee),
            ..MergeRequest::default()
        })
    }
}
