use serde_json::{Map, Value};
use zeroize::Zeroizing;

/// What a call may know of its target, repository or model. `secrets` never reach the plugin: it
/// gets a placeholder, fresh for each call, under the same name.
#[derive(Clone, Default)]
pub struct Settings {
    pub config: Map<String, Value>,
    /// By the name of their field. Those of a list have its name with [`LIST`] behind it.
    pub secrets: Vec<(String, SecretValue)>,
    /// Whose they are.
    pub party: Party,
}

/// No field has it in its name.
pub const LIST: &str = "[]";

/// The field that a secret is of.
pub fn field_of(secret: &str) -> &str {
    secret.strip_suffix(LIST).unwrap_or(secret)
}

/// For whom a plugin is called. What such a call traps is charged to that one and nobody else. They
/// are plain numbers: the host knows no tables.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Party {
    /// Settings that are not stored, or not yet.
    #[default]
    Nobody,
    Target(i64),
    Repo(i64),
    Model(i64),
}

/// The value of a secret. Prints as `***`, and leaves nothing in memory when it is dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretValue(Zeroizing<String>);

impl SecretValue {
    pub fn new(value: impl Into<String>) -> Self {
        Self(Zeroizing::new(value.into()))
    }

    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for SecretValue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("***")
    }
}

impl std::fmt::Debug for Settings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Settings").finish_non_exhaustive()
    }
}
