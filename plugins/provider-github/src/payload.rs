//! What several payloads share. Fields that the event does not use are skipped, and everything that GitHub may leave out or send as
//! null is an `Option`.

use push_notify_sdk as sdk;
use push_notify_sdk::{
    Rejection,
    delivery::{person, present},
};
use serde::Deserialize;

#[derive(Deserialize)]
pub(crate) struct Repository {
    full_name: Option<String>,
    html_url: Option<String>,
    clone_url: Option<String>,
    default_branch: Option<String>,
    private: Option<bool>,
}

impl Repository {
    pub(crate) fn normalised(repository: Option<Self>) -> Result<sdk::Repository, Rejection> {
        let missing = || Rejection::Malformed("repository.full_name is missing".to_owned());
        let repository = repository.ok_or_else(missing)?;
        Ok(sdk::Repository {
            full_name: present(repository.full_name).ok_or_else(missing)?,
            url: present(repository.html_url),
            clone_url: present(repository.clone_url),
            default_branch: present(repository.default_branch),
            private: repository.private,
        })
    }
}

/// An account, as in `sender` and `pull_request.user`.
#[derive(Deserialize)]
pub(crate) struct Account {
    login: Option<String>,
    name: Option<String>,
    email: Option<String>,
    avatar_url: Option<String>,
}

impl Account {
    pub(crate) fn person(self) -> Option<sdk::Person> {
        person(self.name, self.email, self.login, self.avatar_url)
    }
}
