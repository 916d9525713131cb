//! Who is in an event, and in which part.

use super::summary::head;
use push_notify_host::{Event, Person};
use push_notify_rules::Part;

/// More of them are in no message.
const MOST: usize = 50;

/// Who has a part, in the event's order.
pub fn of(event: &Event, part: Part) -> Vec<&Person> {
    let request = event.merge_request.as_ref();
    let issue = event.issue.as_ref();
    match part {
        Part::Author => author(event).into_iter().collect(),
        Part::Actor => event.actor.iter().collect(),
        Part::Committers => {
            let commits = event.commits.iter();
            commits
                .filter_map(|commit| commit.author.as_ref())
                .collect()
        }
        Part::Reviewers => request
            .into_iter()
            .flat_map(|request| &request.reviewers)
            .collect(),
        Part::Assignees => request
            .into_iter()
            .flat_map(|request| &request.assignees)
            .chain(issue.into_iter().flat_map(|issue| &issue.assignees))
            .collect(),
    }
}

fn author(event: &Event) -> Option<&Person> {
    let of_commit = head(event).and_then(|commit| commit.author.as_ref());
    let of_request = event.merge_request.as_ref();
    let of_issue = event.issue.as_ref();
    of_commit
        .or(of_request.and_then(|request| request.author.as_ref()))
        .or(of_issue.and_then(|issue| issue.author.as_ref()))
        .or(event.actor.as_ref())
}

/// Everybody in it, each once, the author first: the same list whenever it is asked for.
pub fn all(event: &Event) -> Vec<&Person> {
    let opened = event.merge_request.as_ref();
    let opened = opened.and_then(|request| request.author.as_ref());
    let released = event.release.as_ref();
    let released = released.and_then(|release| release.author.as_ref());
    let parts = [
        Part::Author,
        Part::Actor,
        Part::Reviewers,
        Part::Assignees,
        Part::Committers,
    ];
    let everybody = parts.into_iter().flat_map(|part| of(event, part));
    let mut all: Vec<&Person> = Vec::new();
    for person in everybody.chain(opened).chain(released) {
        if all.len() < MOST && !all.iter().any(|known| is_same(known, person)) {
            all.push(person);
        }
    }
    all
}

/// Whether both say the same of somebody.
pub fn is_same(one: &Person, other: &Person) -> bool {
    (&one.login, &one.email, &one.name) == (&other.login, &other.email, &other.name)
}

/// Hosts mark the accounts of programs in their login.
pub fn is_bot(person: &Person) -> bool {
    let is_bots = |name: &str| {
        let name = name.to_ascii_lowercase();
        name.ends_with("[bot]") || name.ends_with("-bot") || name.ends_with("_bot")
    };
    let name = person.login.as_deref().or(person.name.as_deref());
    name.is_some_and(is_bots)
}
