use crate::{
    Rejection, Repository,
    delivery::{missing, present},
};
use serde::Deserialize;

/// The repository of a delivery.
#[derive(Debug, Deserialize)]
pub struct RepositoryPayload {
    full_name: Option<String>,
    html_url: Option<String>,
    clone_url: Option<String>,
    default_branch: Option<String>,
    private: Option<bool>,
}

impl RepositoryPayload {
    pub fn normalised(repository: Option<Self>) -> Result<Repository, Rejection> {
        let missing = || missing("repository.full_name");
        let repository = repository.ok_or_else(missing)?;
        Ok(Repository {
            full_name: present(repository.full_name).ok_or_else(missing)?,
            url: present(repository.html_url),
            clone_url: present(repository.clone_url),
            default_branch: present(repository.default_branch),
            private: repository.private,
        })
    }
}
