//! What several payloads share. Fields that the event does not use are skipped, and everything that GitHub may leave out or send as
//! null is an `Option`.

use crate::body::excerpt;
use push_notify_sdk as sdk;
use push_notify_sdk::Rejection;
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

/// Nobody when nothing is known.
pub(crate) fn person(
    name: Option<String>,
    email: Option<String>,
    login: Option<String>,
    avatar_url: Option<String>,
) -> Option<sdk::Person> {
    let person = sdk::Person {
        name: present(name),
        email: present(email),
        login: present(login),
        avatar_url: present(avatar_url),
    };
    (person != sdk::Person::default()).then_some(person)
}

/// Empty text says as little as none.
pub(crate) fn present(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.is_empty())
}

/// A ref by what it names.
pub(crate) enum Named {
    Branch(String),
    Tag(String),
}

impl Named {
    pub(crate) fn parse(full: &str) -> Result<Self, Rejection> {
        if let Some(branch) = full.strip_prefix("refs/heads/") {
            Ok(Self::Branch(branch.to_owned()))
        } else if let Some(tag) = full.strip_prefix("refs/tags/") {
            Ok(Self::Tag(tag.to_owned()))
        } else {
            let full = excerpt(full);
            Err(Rejection::Ignored(format!(
                "{full} is neither a branch nor a tag"
            )))
        }
    }
}

/// Whether a SHA stands for "nothing". SHA-256 repositories have 64 zeros, so the length is not looked at.
pub(crate) fn is_zero(sha: &str) -> bool {
    !sha.is_empty() && sha.bytes().all(|byte| byte == b'0')
}
