//! Two keys: the manifest asks, the operator grants. What only one of them holds stays shut, and
//! the refusal says what is missing.

#[cfg(test)]
mod tests;

use crate::{error::HostError, git_address::GitAddress};
use push_notify_manifest::{HostPattern, Manifest, Permissions};
use url::Url;

/// What one plugin asked for, and which of it was granted.
pub(crate) struct Granted {
    id: String,
    http: Vec<Rule>,
    smtp: Vec<Rule>,
    /// Calls that one instance may serve, when both keys say so.
    pub(crate) reuse: Option<u32>,
    /// Configuration fields that patterns name.
    pub(crate) fields: Vec<String>,
}

struct Rule {
    /// As in the manifest.
    text: String,
    pattern: Pattern,
    granted: bool,
}

enum Pattern {
    Host(Place),
    /// The host below which every name counts.
    Below(Place),
    Field(String),
}

/// An origin; for mail only the host counts.
#[derive(PartialEq, Eq)]
struct Place {
    scheme: String,
    host: String,
    port: u16,
}

/// A value of the call's configuration.
pub(crate) type Fields<'a> = &'a [(String, String)];

impl Granted {
    pub(crate) fn new(manifest: &Manifest, grants: &[String]) -> Result<Self, HostError> {
        let asked = &manifest.permissions;
        let rules = |word: &str, patterns: &[String]| {
            patterns
                .iter()
                .map(|text| {
                    let line = format!("{word}:{text}");
                    let granted = grants.contains(&line);
                    let pattern = Pattern::parse(text).ok_or(HostError::Pattern(line))?;
                    Ok(Rule {
                        text: text.clone(),
                        pattern,
                        granted,
                    })
                })
                .collect::<Result<Vec<Rule>, HostError>>()
        };
        let http = rules("http", &asked.http)?;
        let smtp = rules("smtp", &asked.smtp)?;
        let fields = http
            .iter()
            .chain(&smtp)
            .filter_map(|rule| match &rule.pattern {
                Pattern::Field(field) => Some(field.clone()),
                _ => None,
            })
            .collect();
        Ok(Self {
            id: manifest.id.clone(),
            http,
            smtp,
            reuse: asked
                .reuse
                .filter(|_| grants.iter().any(|grant| grant == "reuse")),
            fields,
        })
    }

    /// Fails with the text for the guest.
    pub(crate) fn check_http(&self, url: &Url, fields: Fields<'_>) -> Result<(), String> {
        let Some(place) = Place::of(url) else {
            return Err("the URL has no host".to_owned());
        };
        self.check("http", &self.http, &place.to_string(), |rule| {
            rule.matches_origin(&place, fields)
        })
    }

    /// True when only a permission that names a field of the configuration allows it. Fails with
    /// the text for the guest.
    pub(crate) fn check_smtp(&self, host: &str, fields: Fields<'_>) -> Result<bool, String> {
        self.check("smtp", &self.smtp, host, |rule| {
            rule.matches_host(host, fields)
        })?;
        let by_name = |rule: &Rule| {
            rule.granted
                && !matches!(rule.pattern, Pattern::Field(_))
                && rule.pattern.matches_host(host, fields)
        };
        Ok(!self.smtp.iter().any(by_name))
    }

    fn check(
        &self,
        word: &str,
        rules: &[Rule],
        to: &str,
        matches: impl Fn(&Pattern) -> bool,
    ) -> Result<(), String> {
        let mut asked = None;
        for rule in rules.iter().filter(|rule| matches(&rule.pattern)) {
            if rule.granted {
                return Ok(());
            }
            asked.get_or_insert(&rule.text);
        }
        let id = &self.id;
        Err(match asked {
            Some(text) => {
                format!(
                    "{word} to {to} is not granted: add \"{word}:{text}\" to plugins.{id}.grants"
                )
            }
            None => format!(
                "{word} to {to} is not granted: the plugin's manifest does not ask for it, so \"{to}\" must be in its \
                 permissions.{word} and \"{word}:{to}\" in plugins.{id}.grants"
            ),
        })
    }
}

impl Pattern {
    fn parse(text: &str) -> Option<Self> {
        if let Some(field) = Permissions::config_field(text) {
            return Some(Self::Field(field.to_owned()));
        }
        let HostPattern {
            below,
            scheme,
            host,
            port,
        } = HostPattern::parse(text)?;
        let place = Place { scheme, host, port };
        Some(match below {
            true => Self::Below(place),
            false => Self::Host(place),
        })
    }

    fn matches_origin(&self, place: &Place, fields: Fields<'_>) -> bool {
        match self {
            Self::Host(pattern) => pattern == place,
            Self::Below(pattern) => {
                pattern.scheme == place.scheme
                    && pattern.port == place.port
                    && is_below(&place.host, &pattern.host)
            }
            Self::Field(name) => field(fields, name)
                .and_then(|value| Place::of_address(value.trim()))
                .is_some_and(|pattern| pattern == *place),
        }
    }

    fn matches_host(&self, host: &str, fields: Fields<'_>) -> bool {
        let host = host.to_ascii_lowercase();
        match self {
            Self::Host(pattern) => pattern.host == host,
            Self::Below(pattern) => is_below(&host, &pattern.host),
            Self::Field(name) => {
                field(fields, name).is_some_and(|value| value.trim().eq_ignore_ascii_case(&host))
            }
        }
    }
}

impl Place {
    /// Of an http or https URL.
    fn of(url: &Url) -> Option<Self> {
        if !matches!(url.scheme(), "http" | "https") {
            return None;
        }
        Some(Self {
            scheme: url.scheme().to_owned(),
            host: url.host_str()?.to_owned(),
            port: url.port_or_known_default()?,
        })
    }

    /// Of what an administrator typed: a URL, or the address of a repository as git takes it
    /// (`ssh://git@host/path`, `git@host:path`), which stands for the same host by https.
    fn of_address(text: &str) -> Option<Self> {
        match Url::parse(text) {
            Ok(url) if matches!(url.scheme(), "http" | "https") => Self::of(&url),
            _ => Self::secure(&GitAddress::parse(text).ok()?.host),
        }
    }

    fn secure(host: &str) -> Option<Self> {
        Self::of(&Url::parse(&format!("https://{host}")).ok()?)
    }
}

/// As a pattern that would match it.
impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (self.scheme.as_str(), self.port) {
            ("https", 443) => f.write_str(&self.host),
            ("https", port) => write!(f, "{}:{port}", self.host),
            ("http", 80) => write!(f, "http://{}", self.host),
            (scheme, port) => write!(f, "{scheme}://{}:{port}", self.host),
        }
    }
}

fn is_below(host: &str, parent: &str) -> bool {
    host.strip_suffix(parent)
        .and_then(|rest| rest.strip_suffix('.'))
        .is_some_and(|label| !label.is_empty())
}

fn field<'a>(fields: Fields<'a>, name: &str) -> Option<&'a str> {
    fields
        .iter()
        .find(|(field, _)| field == name)
        .map(|(_, value)| value.as_str())
}
