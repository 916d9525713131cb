use crate::Title;
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

/// What a provider says of its host's webhooks, so that the engine can explain and rehearse one
/// without knowing the host.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Webhook {
    /// Headers by which a delivery that does not say from which host it is, is known to be from
    /// this one: it carries one of them at least. In any case of letters.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub detect: Vec<String>,
    /// Headers of other hosts that this one sends beside those of `detect`. A plugin that detects
    /// by one of them is asked after this one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub copies: Vec<String>,
    /// Where a payload names its repository, as JSON pointers (RFC 6901) to an address of it: of
    /// its pages, or to clone it. The first that is a repository's counts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub repository_url: Vec<String>,
    /// How to set one up, line by line. `{url}`, `{secret}` and `{events}` are filled in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub setup: Option<Title>,
    /// What the host's own pages call the events, by our names for them: `{events}` lists these.
    /// One that is not here is called as we do.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub events: IndexMap<String, Title>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sample: Option<Sample>,
    /// The status for a delivery that comes too soon after others: 429, or 503 for senders that try
    /// again only after an error of the server.
    #[serde(default = "too_many", skip_serializing_if = "is_too_many")]
    pub busy: u16,
}

const TOO_MANY: u16 = 429;

fn too_many() -> u16 {
    TOO_MANY
}

fn is_too_many(status: &u16) -> bool {
    *status == TOO_MANY
}

impl Default for Webhook {
    fn default() -> Self {
        Self {
            detect: Vec::new(),
            copies: Vec::new(),
            repository_url: Vec::new(),
            setup: None,
            events: IndexMap::new(),
            sample: None,
            busy: TOO_MANY,
        }
    }
}

/// Entries of one list, at most.
const MAX_ENTRIES: usize = 16;
const MAX_HEADER_BYTES: usize = 64;
const MAX_POINTER_BYTES: usize = 200;
/// Names and numbers in one pointer.
const MAX_POINTER_STEPS: usize = 8;
/// What every request carries tells no host.
const EVERYWHERE: [&str; 7] = [
    "accept",
    "accept-encoding",
    "connection",
    "content-length",
    "content-type",
    "host",
    "user-agent",
];

impl Webhook {
    pub(crate) fn check(&self) -> Result<(), (&'static str, String)> {
        if !matches!(self.busy, TOO_MANY | 503) {
            let problem = format!("{} is neither 429 nor 503", self.busy);
            return Err(("webhook.busy", problem));
        }
        check_list("webhook.detect", &self.detect, header_problem)?;
        check_list("webhook.copies", &self.copies, header_problem)?;
        check_list(
            "webhook.repository_url",
            &self.repository_url,
            pointer_problem,
        )?;
        let detects = |header: &String| {
            self.detect
                .iter()
                .any(|own| own.eq_ignore_ascii_case(header))
        };
        if let Some(header) = self.copies.iter().find(|header| detects(header)) {
            let problem =
                format!("`{header}` is in webhook.detect: it is the host's own or another's");
            return Err(("webhook.copies", problem));
        }
        if self.detect.is_empty() && !self.copies.is_empty() {
            let problem = "says nothing without webhook.detect".to_owned();
            return Err(("webhook.copies", problem));
        }
        if let Some(sample) = &self.sample
            && !self.detect.is_empty()
            && !sample.headers.keys().any(detects)
        {
            let problem = "has none of the headers of webhook.detect".to_owned();
            return Err(("webhook.sample.headers", problem));
        }
        Ok(())
    }
}

fn check_list(
    key: &'static str,
    entries: &[String],
    problem: impl Fn(&str) -> Option<String>,
) -> Result<(), (&'static str, String)> {
    if entries.len() > MAX_ENTRIES {
        return Err((key, format!("has more than {MAX_ENTRIES} entries")));
    }
    match entries.iter().find_map(|entry| problem(entry)) {
        Some(problem) => Err((key, problem)),
        None => Ok(()),
    }
}

fn header_problem(header: &str) -> Option<String> {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    if header.is_empty() || header.len() > MAX_HEADER_BYTES || !header.bytes().all(is_part) {
        return Some(format!(
            "`{header}` is not the name of a header such as X-Gitlab-Event, of at most {MAX_HEADER_BYTES} letters, digits, `-` and `_`"
        ));
    }
    let is_everywhere = EVERYWHERE
        .iter()
        .any(|name| name.eq_ignore_ascii_case(header));
    is_everywhere.then(|| format!("`{header}` is in every request"))
}

fn pointer_problem(pointer: &str) -> Option<String> {
    let mut steps = pointer.split('/');
    let is_sound = steps.next() == Some("")
        && (1..=MAX_POINTER_STEPS).contains(&steps.clone().count())
        && pointer.len() <= MAX_POINTER_BYTES
        && steps.all(|step| !step.replace("~0", "").replace("~1", "").contains('~'));
    (!is_sound).then(|| {
        format!(
            "`{pointer}` is not a JSON pointer such as /repository/html_url, of at most {MAX_POINTER_STEPS} steps and {MAX_POINTER_BYTES} bytes"
        )
    })
}

/// A delivery that the plugin takes for a real one. In all texts `{url}`, `{full_name}` and
/// `{name}` are the repository's, `{uuid}` is random, `{time}` is now as RFC 3339 and `{time_ms}`
/// in milliseconds since 1970, `{secret}` is the webhook secret and `{signature}` what `signature`
/// makes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sample {
    pub headers: IndexMap<String, String>,
    /// JSON; what is filled in is escaped for a JSON string.
    pub body: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signature: Option<Signature>,
}

/// HMAC-SHA256 under the webhook secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signature {
    /// What is signed; `{body}` is the body.
    #[serde(default = "body")]
    pub of: String,
    pub encoding: Encoding,
    /// With this in the repository's configuration nothing is signed: `{signature}` is the secret
    /// itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plain_if: Option<PlainIf>,
}

/// A field of the configuration has this value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlainIf {
    pub field: String,
    pub value: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Encoding {
    Hex,
    Base64,
}

fn body() -> String {
    "{body}".to_owned()
}
