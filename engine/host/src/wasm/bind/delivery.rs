//! A delivery as the engine keeps it. What is too large for that is shortened, and it is said what
//! is missing: of a large push people hear less, not nothing.

mod event;

use super::{
    bounds::{ANSWER, ENTRY, reason},
    line::one_line,
    v0_1::push_notify::plugin::{provider_types as provider, types},
};
use crate::{
    ports::{Challenge, Commit, Delivery, Effect, Person, Reception, Shortened},
    verdict::{CallError, Rejection},
};

const MAX_EVENTS: usize = 32;
/// Of labels, of people, of fields: more than anybody reads.
const MAX_ENTRIES: usize = 64;
const MAX_CHALLENGE_BYTES: usize = 16 << 10;
/// Of a name, a title, a reference, a path or an id, in bytes.
const LINE: usize = 4 << 10;
/// Of an address. Half of one leads nowhere: a longer one is left out.
const ADDRESS: usize = 8 << 10;
/// Of a text of several lines, such as a commit's message.
const MESSAGE: usize = 64 << 10;
/// Of what tells effects apart. Half of one would tell other events to be the same: a longer one is
/// left out.
const EFFECT: usize = 1 << 20;
/// What the lines, addresses and texts of an event without commits have at most.
const FRAME: usize = 768 << 10;
/// What its other lists have at most: labels, fields, people, jobs, alerts.
const LISTS: usize = 512 << 10;

type Bounded<T> = Result<T, CallError>;

/// What a request came to: a refusal also where it tells of what this engine does not know, as a
/// newer plugin may.
pub(super) fn reception(
    reception: provider::Reception,
    plugin: &str,
) -> Bounded<Result<Reception, Rejection>> {
    match reception {
        provider::Reception::Delivery(told) => Ok(delivery(told, plugin)?.map(Reception::Delivery)),
        provider::Reception::Challenge(challenge) => {
            if challenge.body.len() > MAX_CHALLENGE_BYTES {
                let problem = format!("a challenge of more than {MAX_CHALLENGE_BYTES} bytes");
                return Err(CallError::Output(problem));
            }
            Ok(Ok(Reception::Challenge(Challenge {
                content_type: reason(challenge.content_type),
                body: challenge.body,
            })))
        }
    }
}

pub(super) fn delivery(
    delivery: provider::Delivery,
    plugin: &str,
) -> Bounded<Result<Delivery, Rejection>> {
    if !(1..=MAX_EVENTS).contains(&delivery.events.len()) {
        let problem = format!(
            "{} events in one delivery, not 1 to {MAX_EVENTS}",
            delivery.events.len()
        );
        return Err(CallError::Output(problem));
    }
    let mut scissors = Scissors::new(delivery.events.len());
    let mut events = Vec::with_capacity(delivery.events.len());
    for told in delivery.events {
        match event::event(&mut scissors, told, plugin)? {
            Ok(event) => events.push(event),
            Err(unknown) => return Ok(Err(unknown)),
        }
    }
    Ok(Ok(Delivery {
        id: scissors.maybe(delivery.id),
        effect: delivery.effect.and_then(|effect| scissors.effect(effect)),
        events,
        shortened: scissors.done(),
    }))
}

/// Cuts, and counts what it cut.
struct Scissors {
    cut: Shortened,
    /// Events share what there is for commits, and for other lists.
    commits_left: usize,
    lists_left: usize,
}

impl Scissors {
    fn new(events: usize) -> Self {
        let frames = events.saturating_mul(FRAME).min(ANSWER / 2);
        Self {
            cut: Shortened::default(),
            commits_left: ANSWER - frames - LISTS,
            lists_left: LISTS,
        }
    }

    /// As many entries from the start as there is room for; `weigh` tells what one takes.
    fn list<T, U>(
        &mut self,
        entries: Vec<T>,
        most: usize,
        mut convert: impl FnMut(&mut Self, T) -> U,
        weigh: impl Fn(&U) -> usize,
    ) -> Vec<U> {
        let all = entries.len();
        let mut kept = Vec::with_capacity(all.min(most));
        for entry in entries.into_iter().take(most) {
            let before = self.cut;
            let entry = convert(self, entry);
            let Some(left) = self.lists_left.checked_sub(ENTRY + weigh(&entry)) else {
                self.cut = before;
                break;
            };
            self.lists_left = left;
            kept.push(entry);
        }
        self.cut.entries += all - kept.len();
        kept
    }

    fn lines(&mut self, lines: Vec<String>) -> Vec<String> {
        self.list(lines, MAX_ENTRIES, Self::line, String::len)
    }

    fn people(&mut self, people: Vec<types::PersonResult>) -> Vec<Person> {
        let person =
            |scissors: &mut Self, person| scissors.person(Some(person)).unwrap_or_default();
        self.list(people, MAX_ENTRIES, person, weight)
    }

    fn done(self) -> Option<Shortened> {
        (self.cut != Shortened::default()).then_some(self.cut)
    }

    fn line(&mut self, text: String) -> String {
        self.text(one_line(text), LINE)
    }

    fn maybe(&mut self, text: Option<String>) -> Option<String> {
        text.map(|text| self.line(text))
    }

    fn text(&mut self, mut text: String, most: usize) -> String {
        if text.len() > most {
            text.truncate(text.floor_char_boundary(most));
            // What is kept must not hold on to what is not.
            text.shrink_to_fit();
            text.push('…');
            self.cut.texts += 1;
        }
        text
    }

    /// A text of several lines.
    fn markdown(&mut self, text: Option<String>) -> Option<String> {
        text.map(|text| self.text(text, MESSAGE))
    }

    fn short_line(&mut self, text: String, most: usize) -> String {
        self.text(one_line(text), most)
    }

    /// What tells things apart. Half of one would be another's: a longer one is left out.
    fn key(&mut self, key: Option<String>, most: usize) -> Option<String> {
        self.short(one_line(key?), most)
    }

    fn address(&mut self, address: Option<String>) -> Option<String> {
        self.short(one_line(address?), ADDRESS)
    }

    /// None: it is too long.
    fn short(&mut self, text: String, most: usize) -> Option<String> {
        if text.len() > most {
            self.cut.texts += 1;
            return None;
        }
        Some(text)
    }

    fn effect(&mut self, effect: provider::Effect) -> Option<Effect> {
        Some(Effect {
            key: self.short(effect.key, EFFECT)?,
            source: self.line(effect.source),
        })
    }

    fn person(&mut self, person: Option<types::PersonResult>) -> Option<Person> {
        let person = person?;
        Some(Person {
            name: self.maybe(person.name),
            login: self.maybe(person.login),
            email: self.maybe(person.email),
            avatar_url: self.address(person.avatar_url),
        })
    }

    /// The newest, which come last, as far as there is room; then the files of the newest, as far
    /// as there is room for them.
    fn commits(&mut self, listed: Vec<types::CommitResult>) -> Vec<Commit> {
        let mut left = self.commits_left;
        let all = listed.len();
        let mut kept = Vec::new();
        for commit in listed.into_iter().rev() {
            let before = self.cut.texts;
            let (commit, files) = self.commit(commit);
            let Some(rest) = left.checked_sub(size(&commit)) else {
                self.cut.texts = before;
                break;
            };
            left = rest;
            kept.push((commit, files));
        }
        self.cut.commits += all - kept.len();
        for (commit, files) in &mut kept {
            let lists = [&mut commit.added, &mut commit.modified, &mut commit.removed];
            for (list, paths) in lists.into_iter().zip(std::mem::take(files)) {
                *list = self.paths(paths, &mut left);
            }
        }
        self.commits_left = left;
        kept.into_iter().rev().map(|(commit, _)| commit).collect()
    }

    /// And its files: added, modified, removed.
    fn commit(&mut self, commit: types::CommitResult) -> (Commit, [Vec<String>; 3]) {
        let files = [commit.added, commit.modified, commit.removed];
        let commit = Commit {
            id: self.line(commit.id),
            message: self.text(commit.message, MESSAGE),
            url: self.address(commit.url),
            timestamp: self.maybe(commit.timestamp),
            author: self.person(commit.author),
            ..Commit::default()
        };
        (commit, files)
    }

    fn paths(&mut self, paths: Vec<String>, left: &mut usize) -> Vec<String> {
        let all = paths.len();
        let mut kept = Vec::new();
        for path in paths {
            let path = match left.checked_sub(path.len().min(LINE) + ENTRY) {
                Some(rest) => {
                    *left = rest;
                    self.line(path)
                }
                None => break,
            };
            kept.push(path);
        }
        self.cut.files += all - kept.len();
        kept
    }
}

/// Without its files.
fn size(commit: &Commit) -> usize {
    let parts = [&commit.url, &commit.timestamp];
    let own: usize = parts.into_iter().flatten().map(String::len).sum();
    let author = commit.author.as_ref().map_or(0, weight);
    ENTRY + commit.id.len() + commit.message.len() + own + author
}

fn weight(person: &Person) -> usize {
    let parts = [
        &person.name,
        &person.login,
        &person.email,
        &person.avatar_url,
    ];
    parts.into_iter().flatten().map(String::len).sum()
}

#[cfg(test)]
mod tests;
