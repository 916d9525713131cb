//! GitHub and GitHub Enterprise Server: webhooks, and the REST API, for what a review needs.
//!
//! Payloads: <https://docs.github.com/en/webhooks/webhook-events-and-payloads>.

mod dialect;

mod pull_request;
mod push;
mod receive;
mod signature;
mod tag;

mod changes;
mod file;
mod link;
mod review;

#[cfg(test)]
mod tests;

use push_notify_sdk::{Person, delivery::person, provider};

pub struct Github;

provider!(Github: changes, reviews);

/// An account, as in `sender` and `pull_request.user`.
#[derive(serde::Deserialize)]
struct Account {
    login: Option<String>,
    name: Option<String>,
    email: Option<String>,
    avatar_url: Option<String>,
}

impl Account {
    fn person(self) -> Option<Person> {
        person(self.name, self.email, self.login, self.avatar_url)
    }
}
