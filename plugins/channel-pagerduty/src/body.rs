//! The request's JSON.

use crate::event::{self, Event};
use message_text::{Unit, bare, cut, first, line, title, web};
use push_notify_sdk::{Failure, Message, Secret};
use serde::Serialize;
use std::collections::BTreeMap;

/// In bytes. 512000 are taken, which nobody on call reads.
pub(crate) const LIMIT: usize = 32_000;
/// In characters.
const SUMMARY: usize = 1024;
const LABEL: usize = 100;
const FIELD: usize = 200;
const MOST_LINKS: usize = 10;
/// Bytes of an address.
const LONGEST_ADDRESS: usize = 1000;

pub(crate) struct Body {
    pub(crate) json: Vec<u8>,
    pub(crate) note: Option<String>,
}

/// A change event has neither an action nor a key.
#[derive(Serialize)]
struct Enqueue<'a> {
    routing_key: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    event_action: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    dedup_key: Option<&'a str>,
    payload: Payload<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    links: Vec<Link<'a>>,
}

#[derive(Serialize)]
struct Payload<'a> {
    summary: &'a str,
    source: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    severity: Option<&'static str>,
    custom_details: BTreeMap<&'a str, &'a str>,
}

#[derive(Serialize)]
struct Link<'a> {
    href: &'a str,
    text: String,
}

pub(crate) fn build(message: &Message, event: Event, key: &Secret) -> Result<Body, Failure> {
    let summary = title(message, SUMMARY);
    let source = match first(&line(&message.repository), FIELD) {
        source if source.is_empty() => "Push Notify".to_owned(),
        source => source,
    };
    let text = bare(&message.body);
    let fields: Vec<(String, String)> = fields(message);
    let action = match event {
        Event::Trigger => Some("trigger"),
        Event::Resolve => Some("resolve"),
        Event::Change => None,
    };
    let encode = |text: &str| {
        let details = fields
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()));
        let mut custom_details: BTreeMap<&str, &str> = details.collect();
        custom_details.insert("text", text);
        serde_json::to_vec(&Enqueue {
            routing_key: key.as_ref(),
            event_action: action,
            // Its own where it is about nothing in particular: what comes twice is one alert.
            dedup_key: action.map(|_| message.subject.as_deref().unwrap_or(&message.id)),
            payload: Payload {
                summary: &summary,
                source: &source,
                severity: action.map(|_| event::severity(message)),
                custom_details,
            },
            links: links(message),
        })
    };
    // The frame is bounded: there are at most 32 fields and so many links.
    let room = LIMIT.saturating_sub(encode("")?.len());
    let cut = cut(&text, room, Unit::Json, &message.locale);
    Ok(Body {
        json: encode(&cut.text)?,
        note: cut.note(&format!("{LIMIT} bytes")),
    })
}

fn fields(message: &Message) -> Vec<(String, String)> {
    let own = [
        ("branch", message.branch.as_deref()),
        ("author", message.author.as_deref()),
        ("kind", message.kind.as_deref()),
        ("state", message.state.as_deref()),
    ];
    let own = own
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)));
    let given = message.fields.iter();
    let given = given.map(|field| (field.name.as_str(), field.value.as_str()));
    own.chain(given)
        .map(|(name, value)| (first(&line(name), LABEL), first(value, FIELD)))
        .filter(|(name, _)| !name.is_empty())
        .collect()
}

fn links(message: &Message) -> Vec<Link<'_>> {
    let address = |url| web(Some(url)).filter(|url| url.len() <= LONGEST_ADDRESS);
    let first_one = message.url.as_deref().and_then(address);
    let first_one = first_one.map(|href| Link {
        href,
        text: match message.locale.starts_with("zh") {
            true => "查看详情".to_owned(),
            false => "View details".to_owned(),
        },
    });
    let more = message.links.iter().filter_map(|link| {
        Some(Link {
            href: address(&link.url)?,
            text: first(&line(&link.label), LABEL),
        })
    });
    first_one.into_iter().chain(more).take(MOST_LINKS).collect()
}
