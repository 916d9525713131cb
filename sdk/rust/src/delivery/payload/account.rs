use crate::{
    Person,
    delivery::{Listed, person, present},
};
use serde::Deserialize;

/// An account, as in `sender` and `user`, by any of the names that a host has for its parts.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct AccountPayload {
    login: Option<String>,
    /// The same; some hosts send only one of them.
    username: Option<String>,
    user_name: Option<String>,
    name: Option<String>,
    full_name: Option<String>,
    email: Option<String>,
    avatar_url: Option<String>,
}

impl AccountPayload {
    pub fn person(self) -> Option<Person> {
        let login = [self.login, self.username, self.user_name];
        let login = login.into_iter().find_map(present);
        let name = present(self.full_name).or(self.name);
        person(name, self.email, login, self.avatar_url)
    }
}

/// More than the engine keeps.
#[derive(Debug, Default, Deserialize)]
#[serde(transparent)]
pub struct Accounts(Listed<Option<AccountPayload>, 100>);

impl Accounts {
    /// Of those that hosts name, `listed` where they have several, and else the only one.
    pub fn people(listed: Option<Self>, only: Option<AccountPayload>) -> Vec<Person> {
        let listed = listed.unwrap_or_default().0.entries;
        let listed = listed.into_iter().flatten();
        let people: Vec<Person> = listed.filter_map(AccountPayload::person).collect();
        match people.is_empty() {
            true => only.and_then(AccountPayload::person).into_iter().collect(),
            false => people,
        }
    }
}
