//! Gitea: webhooks, also of its relatives Forgejo and Gogs, which send nearly the same; and the
//! REST API of Gitea and Forgejo, for what a review needs.
//!
//! Payloads: <https://docs.gitea.com/usage/webhooks>.

mod dialect;

mod pull_request;
mod push;
mod receive;
mod refs;
mod signature;

mod changes;
mod diff;
mod file;
mod review;

#[cfg(test)]
mod tests;

use push_notify_sdk::{
    Person,
    delivery::{person, present},
    provider,
};

pub struct Gitea;

provider!(Gitea: changes, reviews);

/// An account, as in `sender` and `pull_request.user`.
#[derive(serde::Deserialize)]
struct Account {
    login: Option<String>,
    /// The same; some versions send only one of them.
    username: Option<String>,
    full_name: Option<String>,
    email: Option<String>,
    avatar_url: Option<String>,
}

impl Account {
    fn person(self) -> Option<Person> {
        let login = present(self.login).or(self.username);
        person(self.full_name, self.email, login, self.avatar_url)
    }
}
