//! Secrets of one call: the guest holds placeholders, the host holds the values and puts them in at
//! the last moment.

mod echo;
#[cfg(test)]
mod tests;

use crate::ports::{LIST, SecretValue, Settings, field_of};
use memchr::memmem;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::ser::{SerializeMap, Serializer as _};
use std::{borrow::Cow, collections::BTreeMap};
use subtle::ConstantTimeEq;

/// `pns`, 32 hex digits that differ in each call, `x`; then three digits for the secret. Unreserved
/// characters of a URL only, so that no encoder changes it; of fixed length, so that what follows
/// cannot be taken for a part of it.
const MARK: usize = 3 + 32 + 1;
const DIGITS: usize = 3;
const LENGTH: usize = MARK + DIGITS;
/// Everything but the unreserved characters of RFC 3986 section 2.3.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

#[derive(Default)]
pub(crate) struct Secrets {
    mark: String,
    values: Vec<SecretValue>,
}

/// Most placeholders that are filled in one text; a guest that repeats one a million times would
/// have the host write gigabytes.
const MOST: usize = 64;

/// No text that is shown somewhere is searched for values further than this.
const FAR: usize = 64 << 10;

/// How values are written in a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BodySecrets {
    /// As they are.
    Plain,
    /// As a part of a JSON string.
    Json,
    /// As a part of a form's value.
    Form,
}

/// A secret's value that does not fit where it was used. Which one is not said.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Unfit(pub(crate) &'static str);

impl Secrets {
    /// The secrets of a call, and the configuration as the guest gets it.
    pub(crate) fn new(settings: &Settings) -> (Self, String) {
        let secrets = Self {
            mark: match settings.secrets.is_empty() {
                true => String::new(),
                false => fresh_mark(),
            },
            values: settings
                .secrets
                .iter()
                .take(10_usize.pow(DIGITS as u32))
                .map(|(_, value)| value.clone())
                .collect(),
        };
        let config = secrets.config(settings).unwrap_or_else(|_| "{}".to_owned());
        (secrets, config)
    }

    fn config(&self, settings: &Settings) -> serde_json::Result<String> {
        let mut text = Vec::with_capacity(128 + 64 * self.values.len());
        let mut json = serde_json::Serializer::new(&mut text);
        let mut map = json.serialize_map(None)?;
        let secrets = || settings.secrets.iter().map(|(name, _)| name.as_str());
        for (name, value) in &settings.config {
            if !secrets().any(|secret| field_of(secret) == name) {
                map.serialize_entry(name, value)?;
            }
        }
        let mut lists: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for (index, name) in secrets().enumerate().take(self.values.len()) {
            match name.strip_suffix(LIST) {
                Some(list) => lists.entry(list).or_default().push(self.placeholder(index)),
                None => map.serialize_entry(name, &self.placeholder(index))?,
            }
        }
        for (name, placeholders) in lists {
            map.serialize_entry(name, &placeholders)?;
        }
        map.end()?;
        // serde_json writes UTF-8.
        Ok(String::from_utf8(text).unwrap_or_default())
    }

    pub(crate) fn placeholder(&self, index: usize) -> String {
        format!("{}{index:0DIGITS$}", self.mark)
    }

    pub(crate) fn has_placeholder(&self, text: &str) -> bool {
        self.find(text.as_bytes()).is_some()
    }

    /// Values as they are, for headers, credentials and digests.
    pub(crate) fn fill<'a>(&self, bytes: &'a [u8]) -> Cow<'a, [u8]> {
        self.replace(bytes, |_, value, out| {
            out.extend_from_slice(value.as_bytes());
        })
    }

    /// Values as the body's form wants them.
    pub(crate) fn fill_body<'a>(&self, body: &'a [u8], form: BodySecrets) -> Cow<'a, [u8]> {
        self.replace(body, |_, value, out| match form {
            BodySecrets::Plain => out.extend_from_slice(value.as_bytes()),
            BodySecrets::Form => percent_encode(value, out),
            BodySecrets::Json => {
                let json = serde_json::Value::from(value).to_string();
                let inner = json
                    .strip_prefix('"')
                    .and_then(|json| json.strip_suffix('"'));
                out.extend_from_slice(inner.unwrap_or_default().as_bytes());
            }
        })
    }

    pub(crate) fn is_in(&self, bytes: &[u8]) -> bool {
        self.find(bytes).is_some()
    }

    /// Only a placeholder that stands first: what the URL's beginning is, as far as the guest may
    /// know it.
    pub(crate) fn fill_first<'a>(&self, url: &'a str) -> Result<Cow<'a, str>, Unfit> {
        match self.find(url.as_bytes()) {
            Some((0, _)) => {
                let (first, rest) = url.split_at(LENGTH);
                Ok(Cow::Owned(format!("{}{rest}", self.fill_url(first)?)))
            }
            _ => Ok(Cow::Borrowed(url)),
        }
    }

    pub(crate) fn fill_text<'a>(&self, text: &'a str) -> Cow<'a, str> {
        match self.fill(text.as_bytes()) {
            Cow::Borrowed(_) => Cow::Borrowed(text),
            // Whole characters were replaced by whole characters.
            Cow::Owned(bytes) => Cow::Owned(String::from_utf8(bytes).unwrap_or_default()),
        }
    }

    /// Values percent-encoded, but for a placeholder that stands first: there the secret is the
    /// URL's beginning.
    pub(crate) fn fill_url<'a>(&self, url: &'a str) -> Result<Cow<'a, str>, Unfit> {
        let filled = self.replace(url.as_bytes(), |at, value, out| {
            if at == 0 {
                out.extend_from_slice(value.trim().as_bytes());
            } else {
                percent_encode(value, out);
            }
        });
        match filled {
            Cow::Borrowed(_) => Ok(Cow::Borrowed(url)),
            Cow::Owned(bytes) if bytes.iter().any(u8::is_ascii_control) => {
                Err(Unfit("a secret in the URL has a control character"))
            }
            Cow::Owned(bytes) => Ok(Cow::Owned(String::from_utf8(bytes).unwrap_or_default())),
        }
    }

    /// Puts placeholders where the far side echoes values, in whatever form.
    pub(crate) fn hide(&self, mut bytes: Vec<u8>) -> Vec<u8> {
        for (index, value) in self.values.iter().enumerate() {
            let places = echo::find(&bytes, value.expose());
            if places.is_empty() {
                continue;
            }
            let placeholder = self.placeholder(index);
            let mut out = Vec::with_capacity(bytes.len() + LENGTH);
            let mut done = 0;
            for place in places {
                out.extend_from_slice(&bytes[done..place.start]);
                out.extend_from_slice(placeholder.as_bytes());
                done = place.end;
            }
            out.extend_from_slice(&bytes[done..]);
            bytes = out;
        }
        bytes
    }

    pub(crate) fn hide_text(&self, text: String) -> String {
        match self.values.is_empty() {
            true => text,
            false => String::from_utf8_lossy(&self.hide(text.into_bytes())).into_owned(),
        }
    }

    /// As `hide_text`, of the text's first `most` bytes or so. Hides before it cuts, or half a
    /// value would stay.
    pub(crate) fn hide_cut(&self, mut text: String, most: usize) -> String {
        if text.len() > FAR {
            text.truncate(text.floor_char_boundary(FAR));
            text = self.hide_text(text);
            // What this first cut left of a value is at the end.
            let sound = text.len().saturating_sub(self.longest());
            text.truncate(text.floor_char_boundary(sound));
        } else {
            text = self.hide_text(text);
        }
        if text.len() > most {
            text.truncate(text.floor_char_boundary(most));
            text.push('…');
        }
        text
    }

    /// Bytes of the longest value in its longest form: `\u` and four digits for each.
    fn longest(&self) -> usize {
        let lengths = self.values.iter().map(|value| 6 * value.expose().len());
        lengths.max().unwrap_or(0)
    }

    /// The placeholder for a header of a webhook that *is* a secret, as some hosts send their
    /// token. What comes in is not yet authenticated, so the comparison must not tell how near a
    /// guess was.
    pub(crate) fn hide_whole(&self, header: &str) -> Option<String> {
        self.values
            .iter()
            .position(|value| {
                let value = value.expose().as_bytes();
                value.len() >= echo::SHORTEST && bool::from(value.ct_eq(header.as_bytes()))
            })
            .map(|index| self.placeholder(index))
    }

    fn replace<'a>(
        &self,
        bytes: &'a [u8],
        mut put: impl FnMut(usize, &str, &mut Vec<u8>),
    ) -> Cow<'a, [u8]> {
        let Some(mut found) = self.find(bytes) else {
            return Cow::Borrowed(bytes);
        };
        let mut out = Vec::with_capacity(bytes.len() + 64);
        let mut done = 0;
        for filled in 1.. {
            let (at, index) = found;
            out.extend_from_slice(&bytes[done..at]);
            put(at, self.values[index].expose(), &mut out);
            done = at + LENGTH;
            match self.find(&bytes[done..]) {
                Some((next, index)) if filled < MOST => found = (done + next, index),
                _ => break,
            }
        }
        out.extend_from_slice(&bytes[done..]);
        Cow::Owned(out)
    }

    /// Where the first placeholder stands, and of which secret it is.
    fn find(&self, bytes: &[u8]) -> Option<(usize, usize)> {
        if self.values.is_empty() {
            return None;
        }
        let mut from = 0;
        loop {
            let at = from + memmem::find(&bytes[from..], self.mark.as_bytes())?;
            let index = bytes
                .get(at + MARK..at + LENGTH)
                .and_then(|digits| std::str::from_utf8(digits).ok())
                .and_then(|digits| digits.parse::<usize>().ok())
                .filter(|index| *index < self.values.len());
            match index {
                Some(index) => return Some((at, index)),
                None => from = at + MARK,
            }
        }
    }
}

fn percent_encode(value: &str, out: &mut Vec<u8>) {
    out.extend(utf8_percent_encode(value, RESERVED).flat_map(str::bytes));
}

#[expect(
    clippy::disallowed_methods,
    reason = "no call can guess the placeholders of another"
)]
fn fresh_mark() -> String {
    format!("pns{}x", hex::encode(rand::random::<[u8; 16]>()))
}
