//! What the payloads have in common. Fields that no event uses are skipped, and everything that the
//! host may leave out or send as null is an `Option`.

use push_notify_sdk::{
    Person, Rejection, Repository,
    delivery::{Listed, missing, person, present},
};
use serde::Deserialize;

#[derive(Debug, Deserialize)]
pub(crate) struct Link {
    href: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct Links {
    html: Option<Link>,
    avatar: Option<Link>,
    commit: Option<Link>,
}

impl Links {
    /// The page of what has these links.
    pub(crate) fn page(links: Option<Self>) -> Option<String> {
        links.and_then(|links| present(links.html?.href))
    }

    /// Of a status: its commit at the API.
    pub(crate) fn commit(&self) -> Option<&str> {
        self.commit.as_ref()?.href.as_deref()
    }
}

/// Who has an account. Bitbucket shows neither its login name nor its e-mail: the nickname is what
/// people mention each other by.
#[derive(Debug, Deserialize)]
pub(crate) struct Account {
    display_name: Option<String>,
    nickname: Option<String>,
    username: Option<String>,
    links: Option<Links>,
}

impl Account {
    pub(crate) fn person(self) -> Option<Person> {
        let avatar = self.links.and_then(|links| present(links.avatar?.href));
        let login = present(self.nickname).or(self.username);
        person(self.display_name, None, login, avatar)
    }
}

/// More than the engine keeps.
#[derive(Debug, Default, Deserialize)]
#[serde(transparent)]
pub(crate) struct Accounts(Listed<Option<Account>, 100>);

impl Accounts {
    pub(crate) fn people(accounts: Option<Self>) -> Vec<Person> {
        let accounts = accounts.unwrap_or_default().0.entries.into_iter();
        accounts.flatten().filter_map(Account::person).collect()
    }
}

#[derive(Debug, Deserialize)]
pub(crate) struct RepositoryPayload {
    full_name: Option<String>,
    is_private: Option<bool>,
    mainbranch: Option<Branch>,
    links: Option<Links>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Branch {
    pub(crate) name: Option<String>,
}

impl RepositoryPayload {
    pub(crate) fn normalised(repository: Option<Self>) -> Result<Repository, Rejection> {
        let missing = || missing("repository.full_name");
        let repository = repository.ok_or_else(missing)?;
        let url = Links::page(repository.links);
        Ok(Repository {
            full_name: present(repository.full_name).ok_or_else(missing)?,
            clone_url: url.as_ref().map(|url| format!("{url}.git")),
            url,
            default_branch: repository
                .mainbranch
                .and_then(|branch| present(branch.name)),
            private: repository.is_private,
        })
    }
}

/// A text, as somebody wrote it.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Content {
    raw: Option<String>,
}

impl Content {
    pub(crate) fn text(content: Option<Self>) -> Option<String> {
        content.and_then(|content| present(content.raw))
    }
}

#[derive(Debug, Deserialize)]
pub(crate) struct Hash {
    hash: Option<String>,
}

impl Hash {
    pub(crate) fn of(commit: Option<Self>) -> Option<String> {
        commit.and_then(|commit| present(commit.hash))
    }
}
