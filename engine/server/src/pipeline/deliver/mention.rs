//! Whom a message calls by name. A call in a stored body names a place and no person: what somebody
//! is called in a channel is looked up at each attempt.

use crate::{
    event::{cast, summary},
    person::{Book, Person, host_in},
    pipeline::message::Job,
    rule,
};
use pulldown_cmark::{Event as Mark, Options, Parser, Tag, TagEnd};
use push_notify_core::id::PersonId;
use push_notify_host::{Event, Mention, Mentioned, Person as Named};
use push_notify_rules::{Part, Who};
use push_notify_template::{Called, Calls};
use std::{ops::Range, sync::Arc};

/// The people of a message by their places: those of its event, then those whom rules name. Of one
/// event and the same rules they are always the same.
pub(in crate::pipeline) struct Cast<'a> {
    book: &'a Book,
    places: Vec<Somebody<'a>>,
    /// The places of those whom rules have it call.
    asked: Vec<usize>,
}

struct Somebody<'a> {
    /// As the event names them.
    named: Option<&'a Named>,
    person: Option<&'a Person>,
}

impl<'a> Cast<'a> {
    pub(in crate::pipeline) fn new(
        event: &'a Event,
        repo_url: &str,
        mentions: &[rule::Mention],
        book: &'a Book,
    ) -> Self {
        if book.is_empty() && mentions.is_empty() {
            return Self {
                book,
                places: Vec::new(),
                asked: Vec::new(),
            };
        }
        let host = host_in(event, repo_url);
        let all = cast::all(event);
        let somebody = |named: &&'a Named| Somebody {
            named: Some(*named),
            person: book.find(&host, named),
        };
        let mut cast = Self {
            book,
            places: all.iter().map(somebody).collect(),
            asked: Vec::new(),
        };
        let actor = event.actor.as_ref();
        let actor =
            actor.and_then(|actor| all.iter().position(|named| cast::is_same(named, actor)));
        for mention in mentions {
            for place in cast.places_of(mention.who, event, &all) {
                let did_it = actor.is_some_and(|actor| cast.is_same(actor, place));
                let is_known = cast.asked.iter().any(|known| cast.is_same(*known, place));
                if !(is_known || did_it && mention.except_actor) {
                    cast.asked.push(place);
                }
            }
        }
        cast
    }

    fn places_of(&mut self, who: Who, event: &Event, all: &[&Named]) -> Vec<usize> {
        let part = |part: Part| {
            let named = cast::of(event, part).into_iter();
            named
                .filter_map(|named| all.iter().position(|known| cast::is_same(known, named)))
                .collect()
        };
        match who {
            Who::Part(which) => part(which),
            Who::Person(id) => {
                self.places.push(Somebody {
                    named: None,
                    person: self.book.get(PersonId::new(id)),
                });
                vec![self.places.len() - 1]
            }
        }
    }

    fn is_same(&self, one: usize, other: usize) -> bool {
        let person = |place: usize| self.places[place].person.map(|person| person.id);
        one == other || person(one).is_some() && person(one) == person(other)
    }

    fn callable(&self, place: usize) -> Option<&'a Person> {
        let person = self.places.get(place)?.person?;
        self.book.is_called(person).then_some(person)
    }

    /// For the template.
    pub(super) fn calls(&self) -> Arc<Calls> {
        let mut calls = Calls::default();
        for (place, somebody) in self.places.iter().enumerate() {
            let Some(named) = somebody.named else {
                continue;
            };
            for text in [&named.name, &named.login, &named.email]
                .into_iter()
                .flatten()
            {
                // Who comes first has the name, known or not: nobody is called by another's.
                let called = self.callable(place).map_or_else(
                    || Called {
                        name: text.clone(),
                        place: None,
                    },
                    |person| Called {
                        name: person.name.clone(),
                        place: Some(place),
                    },
                );
                calls.known.entry(text.clone()).or_insert(called);
            }
        }
        for place in &self.asked {
            let somebody = &self.places[*place];
            let called = match (self.callable(*place), somebody.person) {
                (Some(person), _) => Some((person.name.as_str(), Some(*place))),
                (None, Some(_)) => None,
                (None, None) => somebody
                    .named
                    .and_then(summary::name)
                    .map(|name| (name, None)),
            };
            calls.asked.extend(called.map(|(name, place)| Called {
                name: name.to_owned(),
                place,
            }));
        }
        Arc::new(calls)
    }

    /// The names of those whom rules have it call.
    pub(in crate::pipeline) fn called(&self) -> Vec<String> {
        let people = self.asked.iter().filter_map(|place| self.callable(*place));
        people.map(|person| person.name.clone()).collect()
    }

    /// What the channel gets: the body, and who is at the places that it links to. A channel that
    /// calls nobody gets the names.
    pub(super) fn addressed(
        &self,
        body: &str,
        channel: &str,
        can_call: bool,
    ) -> (String, Vec<Mention>) {
        let links = links(body);
        if !can_call {
            return (unlinked(body, &links), vec![]);
        }
        let last = links.iter().filter(|link| link.place < self.places.len());
        let count = last.map(|link| link.place + 1).max().unwrap_or(0);
        let mention = |place: usize| {
            let is_linked = links.iter().any(|link| link.place == place);
            let person = self.callable(place).filter(|_| is_linked);
            let handle = person.and_then(|person| person.handle(channel));
            Mention {
                name: person.map(|person| person.name.clone()).unwrap_or_default(),
                who: match handle {
                    Some(handle) => Mentioned::Handle(handle.to_owned()),
                    None => Mentioned::Unknown,
                },
            }
        };
        (body.to_owned(), (0..count).map(mention).collect())
    }
}

impl Job {
    /// Its people. A digest is about several things, and calls nobody.
    pub(super) fn cast<'a>(&'a self, book: &'a Book) -> Cast<'a> {
        let choice = self.choice.as_ref();
        let mentions = choice.map_or(&[][..], |choice| &choice.mentions);
        let notification = &self.notification;
        Cast::new(&notification.event, &notification.repo_url, mentions, book)
    }
}

/// A link of a body that calls somebody.
struct Link {
    place: usize,
    whole: Range<usize>,
    label: Range<usize>,
}

/// What only looks like one, in code or escaped, is none.
fn links(body: &str) -> Vec<Link> {
    let mut links = Vec::new();
    if !body.contains("](mention:") {
        return links;
    }
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let mut open: Option<Link> = None;
    for (mark, range) in Parser::new_ext(body, options).into_offset_iter() {
        match mark {
            Mark::Start(Tag::Link { dest_url, .. }) => {
                let place = dest_url.strip_prefix("mention:");
                let place = place.and_then(|place| place.parse().ok());
                open = place.map(|place| Link {
                    place,
                    label: range.end..range.start,
                    whole: range,
                });
            }
            Mark::End(TagEnd::Link) => links.extend(open.take()),
            _ => {
                if let Some(link) = &mut open {
                    link.label.start = link.label.start.min(range.start);
                    link.label.end = link.label.end.max(range.end);
                }
            }
        }
    }
    links
}

fn unlinked(body: &str, links: &[Link]) -> String {
    let mut out = String::with_capacity(body.len());
    let mut done = 0;
    for link in links {
        out.push_str(&body[done..link.whole.start]);
        // From behind the bracket, so that a backslash before the label stays.
        let start = link.whole.start + 1;
        out.push_str(body.get(start..link.label.end).unwrap_or_default());
        done = link.whole.end;
    }
    out.push_str(&body[done..]);
    out
}

#[cfg(test)]
mod tests;
