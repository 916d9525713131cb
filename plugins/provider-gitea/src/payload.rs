//! What several payloads share. Fields that the event does not use are skipped (old versions send the secret as one), and everything
//! that a host may leave out or send as null is an `Option`.

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
        let missing = || missing("repository.full_name");
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
    /// The same; some versions send only one of them.
    username: Option<String>,
    full_name: Option<String>,
    email: Option<String>,
    avatar_url: Option<String>,
}

impl Account {
    pub(crate) fn person(self) -> Option<sdk::Person> {
        let login = present(self.login).or(self.username);
        person(self.full_name, self.email, login, self.avatar_url)
    }
}

pub(crate) fn missing(field: &str) -> Rejection {
    Rejection::Malformed(format!("{field} is missing"))
}
