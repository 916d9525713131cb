//! The message as it goes over the wire (RFC 5322), the same bytes in every attempt: date, ids and
//! boundary come from what is sent.

use crate::{Config, header, html, text};
use lettre::{
    Address,
    address::Envelope,
    message::{
        Mailbox, MultiPart, SinglePart,
        header::{HeaderName, HeaderValue},
    },
};
use push_notify_sdk::{Failure, Message, crypto};
use std::time::{Duration, SystemTime};

/// Longest subject, in characters.
const SUBJECT: usize = 250;

/// Longest `List-Id`, in bytes: it cannot be folded (RFC 2919 section 3 has 255).
const LIST_ID: usize = 255;

/// Dates have four digits for the year; lettre panics at a fifth.
const YEAR_10000_MS: u64 = 253_402_300_800_000;

pub(crate) struct Mail {
    /// With its angle brackets.
    pub(crate) id: String,
    pub(crate) bytes: Vec<u8>,
}

/// Fails as misconfigured when an address is none.
pub(crate) fn build(config: &Config, message: &Message) -> Result<Mail, Failure> {
    let id = format!("<{}@{}>", atoms(&message.id), host(message));
    let subject = one_line(&message.title, SUBJECT);
    if message.created_at_ms >= YEAR_10000_MS {
        return Err(Failure::rejected("the message's date is out of range"));
    }
    let date = SystemTime::UNIX_EPOCH + Duration::from_millis(message.created_at_ms);
    let from_name = config
        .from_name
        .as_deref()
        .map(|name| one_line(name, SUBJECT))
        .filter(|name| !name.is_empty());
    let mut builder = lettre::Message::builder()
        .message_id(Some(id.clone()))
        .date(date)
        .from(Mailbox::new(from_name, address(&config.from)?));
    // Everybody, also in an attempt that is for some: they have one mail and see one list.
    let to = config.to.iter().map(|to| address(to));
    let to = to.collect::<Result<Vec<_>, _>>()?;
    builder = builder.raw_header(header::to(&to));
    // RFC 3834, and what Exchange asks for: nobody's holiday notice answers a notification.
    builder = builder
        .raw_header(header::subject(&subject))
        .raw_header(raw("Auto-Submitted", "auto-generated".to_owned()))
        .raw_header(raw("X-Auto-Response-Suppress", "All".to_owned()));
    if let Some(list) = list_id(message) {
        builder = builder.raw_header(raw("List-Id", list));
    }
    let parts = MultiPart::alternative()
        .boundary(boundary(message))
        .singlepart(SinglePart::plain(text::part(message)))
        .singlepart(SinglePart::html(html::page(&subject, message)));
    // It is not what the server is told, and not read from headers that are written already.
    let unused = Envelope::new(None, to);
    let unused = unused.map_err(|_| Failure::misconfigured("`to` has no address"))?;
    let mail = builder.envelope(unused).multipart(parts).map_err(|error| {
        Failure::rejected(format!("no mail can be made of this message: {error}"))
    })?;
    Ok(Mail {
        id,
        bytes: mail.formatted(),
    })
}

/// Its domain in the ASCII form that DNS knows, as it is in the envelope.
fn address(text: &str) -> Result<Address, Failure> {
    let wrong = |error: &dyn std::fmt::Display| {
        Failure::misconfigured(format!("`{text}` is not a mail address: {error}"))
    };
    let address: Address = text.trim().parse().map_err(|error| wrong(&error))?;
    if address.domain().is_ascii() {
        return Ok(address);
    }
    let domain = idna::domain_to_ascii(address.domain()).map_err(|error| wrong(&error))?;
    Address::new(address.user(), domain).map_err(|error| wrong(&error))
}

/// `<name.owner.host>` (RFC 2919), for filters.
fn list_id(message: &Message) -> Option<String> {
    let mut labels: Vec<String> = message
        .repository
        .split('/')
        .map(atoms)
        .filter(|label| !label.is_empty())
        .collect();
    labels.reverse();
    let id = format!("<{}.{}>", labels.join("."), host(message));
    (!labels.is_empty() && id.len() <= LIST_ID).then_some(id)
}

fn host(message: &Message) -> String {
    let host = atoms(&message.origin);
    if host.is_empty() {
        "localhost".to_owned()
    } else {
        host
    }
}

/// `text` as a dot-atom (RFC 5322 section 3.2.3): other characters turn to `-`.
fn atoms(text: &str) -> String {
    let atom = |c: char| {
        if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_') {
            c
        } else {
            '-'
        }
    };
    let text: String = text.chars().map(atom).collect();
    let parts: Vec<&str> = text.split('.').filter(|part| !part.is_empty()).collect();
    parts.join(".")
}

/// No line of `text` becomes a header.
fn one_line(text: &str, characters: usize) -> String {
    let text: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match text.char_indices().nth(characters) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

/// Made from the content, so that no content can hold it.
fn boundary(message: &Message) -> String {
    let digest = crypto::hex(crypto::sha256(format!("{}\n{}", message.id, message.body)));
    format!("=_{}", digest.chars().take(40).collect::<String>())
}

/// For values that are ASCII on one line by construction.
fn raw(name: &'static str, value: String) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value)
}
