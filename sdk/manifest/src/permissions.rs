use crate::{Field, HostPattern, Kind};
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

/// A pattern that stands for the host in a configuration field: `${config.api_url}`.
pub const ORIGIN_FIELD_PREFIX: &str = "${config.";

/// What the plugin asks for. It gets what the operator grants of it; everything else that it may do
/// needs no permission.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Permissions {
    /// `api.example.com` (https, port 443), `*.example.com`, `example.com:8443`,
    /// `http://example.com`, or `${config.FIELD}`: the origin of the URL that an administrator put
    /// in that field. A provider's `url` is that of the repository.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub http: Vec<String>,
    /// Mail servers: `smtp.example.com`, or `${config.FIELD}`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub smtp: Vec<String>,
    /// How many calls one instance may serve. Without it each call has a fresh one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reuse: Option<u32>,
}

impl Permissions {
    /// In the words of `plugins.<id>.grants`: `http:PATTERN`, `smtp:PATTERN`, `reuse`.
    pub fn asked(&self) -> Vec<String> {
        let http = self.http.iter().map(|pattern| format!("http:{pattern}"));
        let smtp = self.smtp.iter().map(|pattern| format!("smtp:{pattern}"));
        let reuse = self.reuse.map(|_| "reuse".to_owned());
        http.chain(smtp).chain(reuse).collect()
    }

    /// The field that a `${config.FIELD}` pattern names.
    pub fn config_field(pattern: &str) -> Option<&str> {
        pattern.strip_prefix(ORIGIN_FIELD_PREFIX)?.strip_suffix('}')
    }

    pub(crate) fn check(
        &self,
        kind: Kind,
        config: &IndexMap<String, Field>,
    ) -> Result<(), (&'static str, String)> {
        let of_repository = |field: &str| kind == Kind::Provider && field == "url";
        for (key, patterns) in [
            ("permissions.http", &self.http),
            ("permissions.smtp", &self.smtp),
        ] {
            for pattern in patterns {
                let sound = match Self::config_field(pattern) {
                    Some(field) => config.contains_key(field) || of_repository(field),
                    None => HostPattern::parse(pattern).is_some(),
                };
                if !sound {
                    let problem = format!(
                        "`{pattern}` is neither a host, `*.host` nor `${{config.FIELD}}` with a declared field"
                    );
                    return Err((key, problem));
                }
            }
        }
        if self.reuse == Some(0) {
            return Err((
                "permissions.reuse",
                "must not be 0: leave it out for a fresh instance each call".to_owned(),
            ));
        }
        Ok(())
    }
}
