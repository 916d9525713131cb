//! Who is in events of late and is nobody's identity.

use super::{Book, Person, book::host_in, identity};
use crate::event::{cast, store as events};
use push_notify_core::{
    clock::{Micros, rfc3339},
    id::{EventId, PersonId},
};
use push_notify_host::{Event, Person as Named};
use schemars::JsonSchema;
use serde::Serialize;
use sqlx::AnyPool;
use std::{cmp::Reverse, collections::HashMap};
use tokio::task::spawn_blocking;

/// The newest ones; more are not read for one answer.
const MOST_EVENTS: usize = 5_000;
/// They are in memory at the same time.
const PAGE: i64 = 250;
const LISTED: usize = 200;

/// Authors of events that no person is.
#[derive(Debug, Default, Serialize, JsonSchema)]
#[schemars(rename = "UnknownAuthors")]
pub struct Unknown {
    /// Those in most events first, at most 200.
    list: Vec<Author>,
    /// How many there are.
    total: usize,
    /// How many events were read for it.
    events: usize,
    /// There are older events within these days, which were not read.
    capped: bool,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "UnknownAuthor")]
struct Author {
    login: Option<String>,
    email: Option<String>,
    name: Option<String>,
    /// Of the repository.
    host: String,
    events: usize,
    last_seen_at: String,
    /// Who it is likely to be.
    likely: Option<Likely>,
}

/// A person who has something in common with an author.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(rename = "LikelyPerson")]
struct Likely {
    id: PersonId,
    name: String,
    /// `email` (the part before the @), `login` (at another host) or `name`.
    by: &'static str,
}

/// What was seen of one author.
struct Seen {
    named: Named,
    host: String,
    events: usize,
    last: Micros,
}

/// Of the events since then.
pub(super) async fn since(
    pool: &AnyPool,
    book: &Book,
    since: Micros,
) -> Result<Unknown, events::Error> {
    let mut seen: HashMap<(String, String), Seen> = HashMap::new();
    let mut answer = Unknown::default();
    let mut before = EventId::new(i64::MAX);
    loop {
        let mut page = events::before(pool, before, PAGE).await?;
        let Some(last) = page.last() else { break };
        before = last.id;
        page.retain(|packed| packed.received_at >= since);
        if page.is_empty() {
            break;
        }
        if answer.events >= MOST_EVENTS {
            answer.capped = true;
            break;
        }
        answer.events += page.len();
        // Large ones take their time.
        let events = spawn_blocking(move || page.into_iter().map(events::Packed::event).collect());
        let events: Result<Vec<_>, events::Error> = events.await.unwrap_or_else(|_| Ok(vec![]));
        for (event, received_at, repo_url) in events? {
            note(&mut seen, book, &event, received_at, &repo_url);
        }
    }
    let known = Resembling::of(book.people());
    let mut all: Vec<Seen> = seen.into_values().collect();
    all.sort_by_key(|seen| Reverse((seen.events, seen.last)));
    answer.total = all.len();
    answer.list = all
        .into_iter()
        .take(LISTED)
        .map(|seen| Author {
            likely: known.nearest(&seen.named),
            login: seen.named.login,
            email: seen.named.email,
            name: seen.named.name,
            host: seen.host,
            events: seen.events,
            last_seen_at: rfc3339(seen.last),
        })
        .collect();
    Ok(answer)
}

fn note(
    seen: &mut HashMap<(String, String), Seen>,
    book: &Book,
    event: &Event,
    received_at: Micros,
    repo_url: &str,
) {
    let host = host_in(event, repo_url);
    let mut counted = Vec::new();
    for named in cast::all(event) {
        if cast::is_bot(named) || book.find(&host, named).is_some() {
            continue;
        }
        let key = [&named.login, &named.email, &named.name];
        let Some(key) = key.into_iter().flatten().next() else {
            continue;
        };
        let key = (host.clone(), key.to_lowercase());
        // Once for each event, by whichever names.
        if counted.contains(&key) {
            continue;
        }
        counted.push(key.clone());
        let entry = seen.entry(key).or_insert_with(|| Seen {
            named: named.clone(),
            host: host.clone(),
            events: 0,
            last: received_at,
        });
        entry.events += 1;
        entry.last = entry.last.max(received_at);
        let fill = |old: &mut Option<String>, new: &Option<String>| {
            if old.is_none() {
                old.clone_from(new);
            }
        };
        fill(&mut entry.named.email, &named.email);
        fill(&mut entry.named.name, &named.name);
    }
}

/// People by what others may have in common with them.
struct Resembling<'a> {
    emails: HashMap<String, &'a Person>,
    logins: HashMap<String, &'a Person>,
    names: HashMap<String, &'a Person>,
}

impl<'a> Resembling<'a> {
    fn of(people: &'a [Person]) -> Self {
        let mut all = Self {
            emails: HashMap::new(),
            logins: HashMap::new(),
            names: HashMap::new(),
        };
        for person in people {
            all.names.entry(bare(&person.name)).or_insert(person);
            for identity in &person.identities {
                let (of, text) = match identity.kind.as_str() {
                    identity::EMAIL => (&mut all.emails, local(&identity.value)),
                    identity::LOGIN => (&mut all.logins, identity.value.as_str()),
                    _ => continue,
                };
                of.entry(bare(text)).or_insert(person);
            }
        }
        all
    }

    fn nearest(&self, named: &Named) -> Option<Likely> {
        let look = |text: Option<&str>| {
            let text = bare(text?);
            let ways = [
                (&self.emails, "email"),
                (&self.logins, "login"),
                (&self.names, "name"),
            ];
            let found = ways
                .into_iter()
                .find_map(|(of, by)| Some((*of.get(&text)?, by)));
            found.filter(|_| !text.is_empty())
        };
        let (person, by) = look(named.email.as_deref().map(local))
            .or_else(|| look(named.login.as_deref()))
            .or_else(|| look(named.name.as_deref()))?;
        Some(Likely {
            id: person.id,
            name: person.name.clone(),
            by,
        })
    }
}

fn local(email: &str) -> &str {
    let local = email.split('@').next().unwrap_or_default();
    // `12+mei` of an address that a host makes up.
    local.rsplit('+').next().unwrap_or(local)
}

/// Letters and digits only, in small letters.
fn bare(text: &str) -> String {
    let letters = text.chars().filter(|c| c.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}
