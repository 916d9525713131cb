use crate::Secret;
use serde::Deserialize;

/// What the engine says of a repository, whatever its Git host. A plugin with more fields of its
/// own flattens this into its configuration.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Config {
    pub url: String,
    pub webhook_secret: Option<Secret>,
    pub access_token: Option<Secret>,
    /// Where the API is when the repository's URL does not tell.
    pub api_url: Option<String>,
}

impl AsRef<Config> for Config {
    fn as_ref(&self) -> &Config {
        self
    }
}
