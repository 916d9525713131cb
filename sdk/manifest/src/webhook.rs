use crate::Title;
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

/// What a provider says of its host's webhooks, so that the engine can explain and rehearse one
/// without knowing the host.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Webhook {
    /// How to set one up, line by line. `{url}`, `{secret}` and `{events}` are filled in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub setup: Option<Title>,
    /// What the host's own pages call the events, by our names for them: `{events}` lists these.
    /// One that is not here is called as we do.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub events: IndexMap<String, Title>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sample: Option<Sample>,
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
