//! What several payloads share. Gitee gives one thing several names, which may stand side by side,
//! and leaves out or sends as null what it likes: so every field is an `Option`. `password` and
//! `sign`, which each body repeats, are never read.

use push_notify_sdk as sdk;
use push_notify_sdk::{
    Rejection,
    delivery::{missing, present},
};
use serde::Deserialize;

#[derive(Deserialize)]
pub(crate) struct Repository {
    full_name: Option<String>,
    path_with_namespace: Option<String>,
    html_url: Option<String>,
    url: Option<String>,
    clone_url: Option<String>,
    git_http_url: Option<String>,
    default_branch: Option<String>,
    private: Option<bool>,
}

impl Repository {
    /// `repository` and `project` are the same, where both are there.
    pub(crate) fn normalised(
        repository: Option<Self>,
        project: Option<Self>,
    ) -> Result<sdk::Repository, Rejection> {
        let unnamed = || missing("repository.full_name");
        let repository = repository.or(project).ok_or_else(unnamed)?;
        Ok(sdk::Repository {
            full_name: first(repository.full_name, repository.path_with_namespace)
                .ok_or_else(unnamed)?,
            url: first(repository.html_url, repository.url),
            clone_url: first(repository.clone_url, repository.git_http_url),
            default_branch: present(repository.default_branch),
            private: repository.private,
        })
    }
}

pub(crate) fn first(one: Option<String>, other: Option<String>) -> Option<String> {
    present(one).or_else(|| present(other))
}
