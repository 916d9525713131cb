//! What several payloads share. Fields that the event does not use are skipped, and everything that
//! GitLab may leave out or send as null is an `Option`.

use push_notify_sdk as sdk;
use push_notify_sdk::{
    Rejection,
    delivery::{Labels, Listed, missing, person, present},
};
use serde::Deserialize;

/// Of `visibility_level`: 0 is private, 10 is open to everybody with an account.
const PUBLIC: i64 = 20;

#[derive(Deserialize)]
pub(crate) struct Project {
    path_with_namespace: Option<String>,
    web_url: Option<String>,
    git_http_url: Option<String>,
    default_branch: Option<String>,
    visibility_level: Option<i64>,
}

impl Project {
    pub(crate) fn normalised(project: Option<Self>) -> Result<sdk::Repository, Rejection> {
        let missing = || missing("project.path_with_namespace");
        let project = project.ok_or_else(missing)?;
        Ok(sdk::Repository {
            full_name: present(project.path_with_namespace).ok_or_else(missing)?,
            url: present(project.web_url),
            clone_url: present(project.git_http_url),
            default_branch: present(project.default_branch),
            private: project.visibility_level.map(|level| level < PUBLIC),
        })
    }
}

/// An account, as in `user`.
#[derive(Clone, Deserialize)]
pub(crate) struct Account {
    pub(crate) id: Option<i64>,
    name: Option<String>,
    username: Option<String>,
    email: Option<String>,
    avatar_url: Option<String>,
    /// Of a reviewer, in what an update changed.
    re_requested: Option<bool>,
}

impl Account {
    pub(crate) fn person(self) -> Option<sdk::Person> {
        let email = address(self.email);
        person(self.name, email, self.username, self.avatar_url)
    }
}

/// More than the engine keeps.
#[derive(Default, Deserialize)]
#[serde(transparent)]
pub(crate) struct People(Listed<Option<Account>, 100>);

impl People {
    pub(crate) fn persons(people: Option<Self>) -> Vec<sdk::Person> {
        let people = people.unwrap_or_default().0.entries;
        let people = people.into_iter().flatten();
        people.filter_map(Account::person).collect()
    }

    pub(crate) fn logins(&self) -> Vec<Option<String>> {
        let people = self.0.entries.iter().flatten();
        people.map(|account| account.username.clone()).collect()
    }

    /// Whether one of them is to look once more.
    pub(crate) fn asked_again(&self) -> bool {
        let mut people = self.0.entries.iter().flatten();
        people.any(|account| account.re_requested == Some(true))
    }
}

/// A merge request or an issue where something else is told of, such as a comment on it or its
/// pipeline.
#[derive(Deserialize)]
pub(crate) struct Mentioned {
    /// The number within the project; `id` is another.
    iid: Option<u64>,
    title: Option<String>,
    description: Option<String>,
    state: Option<String>,
    url: Option<String>,
    source_branch: Option<String>,
    target_branch: Option<String>,
    source_project_id: Option<u64>,
    target_project_id: Option<u64>,
    draft: Option<bool>,
    work_in_progress: Option<bool>,
    last_commit: Option<Commit>,
    labels: Option<Labels>,
    assignees: Option<People>,
    confidential: Option<bool>,
}

#[derive(Deserialize)]
struct Commit {
    id: Option<String>,
}

impl Mentioned {
    pub(crate) fn is_of_fork(&self) -> bool {
        match (self.source_project_id, self.target_project_id) {
            (Some(source), Some(target)) => source != target,
            _ => false,
        }
    }

    pub(crate) fn is_confidential(&self) -> bool {
        self.confidential == Some(true)
    }

    pub(crate) fn merge_request(self) -> Result<sdk::MergeRequest, Rejection> {
        let state = match self.state.as_deref() {
            Some("merged") => "merged",
            Some("closed") => "closed",
            _ => "open",
        };
        Ok(sdk::MergeRequest {
            number: self.iid.ok_or_else(|| missing("merge_request.iid"))?,
            title: self.title.unwrap_or_default(),
            text: present(self.description),
            state: state.to_owned(),
            source_branch: self.source_branch.unwrap_or_default(),
            target_branch: self.target_branch.unwrap_or_default(),
            head_sha: self.last_commit.and_then(|commit| present(commit.id)),
            url: present(self.url),
            draft: self.draft.or(self.work_in_progress),
            merged: self.state.as_deref().map(|state| state == "merged"),
            labels: Labels::names(self.labels),
            assignees: People::persons(self.assignees),
            ..sdk::MergeRequest::default()
        })
    }

    pub(crate) fn issue(self) -> Result<sdk::Issue, Rejection> {
        let number = self.iid.ok_or_else(|| missing("issue.iid"))?;
        Ok(sdk::Issue {
            number: number.to_string(),
            title: self.title.unwrap_or_default(),
            text: present(self.description),
            state: issue_state(self.state.as_deref()).to_owned(),
            url: present(self.url),
            labels: Labels::names(self.labels),
            assignees: People::persons(self.assignees),
            ..sdk::Issue::default()
        })
    }
}

/// GitLab says `opened`.
pub(crate) fn issue_state(state: Option<&str>) -> &'static str {
    match state {
        Some("closed") => "closed",
        _ => "open",
    }
}

/// Whoever may read a project does not always see these; a target's readers may not.
pub(crate) fn confidential() -> Rejection {
    Rejection::Ignored("it is confidential".to_owned())
}

/// Where somebody hides their address, GitLab says so in its place, as `[REDACTED]` in the server's
/// language.
pub(crate) fn address(email: Option<String>) -> Option<String> {
    email.filter(|email| email.contains('@'))
}
