//! Everybody, as messages look them up.

use super::{Identity, Notify, Person, identity, store};
use crate::event::cast;
use push_notify_core::id::{PersonId, TargetId};
use push_notify_host::{Event, Person as Named};
use push_notify_rules::{Audience, Hearing, Part};
use sqlx::AnyPool;
use std::collections::HashMap;
use url::Url;

#[derive(Debug, Default)]
pub struct Book {
    people: Vec<Person>,
    by_id: HashMap<PersonId, usize>,
    /// By host and login, in small letters.
    logins: HashMap<(String, String), usize>,
    emails: HashMap<String, usize>,
    hearing: Hearing,
}

impl Book {
    pub async fn read(pool: &AnyPool) -> Result<Self, sqlx::Error> {
        let people = store::all(pool).await?;
        let target_ids = match people.is_empty() {
            true => HashMap::new(),
            false => store::own_targets(pool).await?,
        };
        Ok(Self::new(people, target_ids))
    }

    /// `target_ids` are those of their own that are switched on.
    pub fn new(people: Vec<Person>, target_ids: HashMap<PersonId, Vec<TargetId>>) -> Self {
        let mut book = Self::default();
        for person in &people {
            let Some(own) = target_ids.get(&person.id) else {
                continue;
            };
            let id = person.id.get();
            if person.notify != Notify::None {
                let own = own.iter().map(|target_id| target_id.get()).collect();
                book.hearing.target_ids.insert(id, own);
            }
            if person.notify == Notify::Direct {
                book.hearing.direct.insert(id);
            }
        }
        for (place, person) in people.iter().enumerate() {
            book.by_id.insert(person.id, place);
            for identity in &person.identities {
                let folded = identity.folded();
                match identity.kind.as_str() {
                    identity::LOGIN => {
                        let host = identity.host_or_empty().to_owned();
                        book.logins.insert((host, folded), place);
                    }
                    identity::EMAIL => {
                        book.emails.insert(folded, place);
                    }
                    _ => {}
                }
            }
        }
        book.people = people;
        book
    }

    pub fn is_empty(&self) -> bool {
        self.people.is_empty()
    }

    pub fn people(&self) -> &[Person] {
        &self.people
    }

    pub fn get(&self, id: PersonId) -> Option<&Person> {
        self.by_id.get(&id).map(|place| &self.people[*place])
    }

    /// Whom a source at `host` means: by the login there, else by the mail address, else by the
    /// login that the address of a host hides.
    pub fn find(&self, host: &str, named: &Named) -> Option<&Person> {
        let by_login = |host: &str, login: &str| {
            let key = (host.to_lowercase(), login.to_lowercase());
            self.logins.get(&key)
        };
        let place = named
            .login
            .as_deref()
            .and_then(|login| by_login(host, login))
            .or_else(|| {
                let email = named.email.as_deref()?.trim();
                let known = self.emails.get(&email.to_lowercase());
                known.or_else(|| {
                    hidden(email)
                        .into_iter()
                        .find_map(|(host, login)| by_login(host, login))
                })
            })?;
        Some(&self.people[*place])
    }
}

impl Book {
    /// The people of an event, by their parts.
    pub fn audience(&self, event: &Event, repo_url: &str) -> Audience<'_> {
        let host = host_in(event, repo_url);
        let of = |part| {
            let named = cast::of(event, part).into_iter();
            let found = named.filter_map(|named| self.find(&host, named));
            (part, found.map(|person| person.id.get()).collect())
        };
        Audience {
            parts: Part::ALL.into_iter().map(of).collect(),
            hearing: &self.hearing,
        }
    }

    /// Whether messages to others call this person: who wants to hear directly and cannot is
    /// called.
    pub fn is_called(&self, person: &Person) -> bool {
        let hears_directly = self.hearing.direct.contains(&person.id.get());
        person.notify != Notify::None && !hears_directly
    }
}

impl Person {
    /// By which a channel calls them.
    pub fn handle(&self, channel: &str) -> Option<&str> {
        let is_of = |identity: &&Identity| identity.kind == channel;
        let identity = self.identities.iter().find(is_of)?;
        Some(&identity.value)
    }
}

/// The logins that an address such as `12+mei@users.noreply.github.com` may stand for, each with
/// its host.
fn hidden(email: &str) -> Vec<(&str, &str)> {
    let Some((local, domain)) = email.rsplit_once('@') else {
        return vec![];
    };
    let host = ["users.noreply.", "noreply."]
        .iter()
        .find_map(|prefix| domain.strip_prefix(prefix));
    let Some(host) = host else { return vec![] };
    let behind_number = |mark: char| {
        let (number, login) = local.split_once(mark)?;
        let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
        (is_number && !login.is_empty()).then_some(login)
    };
    match behind_number('+') {
        Some(login) => vec![(host, login)],
        None => [Some(local), behind_number('-')]
            .into_iter()
            .flatten()
            .map(|login| (host, login))
            .collect(),
    }
}

/// The host that an event's people have their logins at.
pub fn host_in(event: &Event, repo_url: &str) -> String {
    host_of(event.repository.url.as_deref().unwrap_or(repo_url))
}

/// The host of a repository's address, in small letters; empty where it has none.
fn host_of(address: &str) -> String {
    let parsed = Url::parse(address).ok();
    let host = parsed.as_ref().and_then(Url::host_str);
    // `git@github.com:acme/app.git`
    let of_ssh = || Some(address.split_once('@')?.1.split_once(':')?.0);
    host.or_else(of_ssh).unwrap_or_default().to_lowercase()
}

#[cfg(test)]
mod tests;
