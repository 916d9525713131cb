//! What several payloads share. Fields that the event does not use are skipped, and everything that
//! GitLab may leave out or send as null is an `Option`.

use push_notify_sdk as sdk;
use push_notify_sdk::{
    Rejection,
    delivery::{missing, person, present},
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
}

impl Account {
    pub(crate) fn person(self) -> Option<sdk::Person> {
        let email = address(self.email);
        person(self.name, email, self.username, self.avatar_url)
    }
}

/// Where somebody hides their address, GitLab says so in its place, as `[REDACTED]` in the server's
/// language.
pub(crate) fn address(email: Option<String>) -> Option<String> {
    email.filter(|email| email.contains('@'))
}
