use serde::Deserialize;
use std::fmt;

/// A configuration field marked `secret`. It holds a placeholder, fresh for each call; the engine
/// puts the value in where the placeholder stands in a URL or header of a request to a granted
/// host, in SMTP credentials or in a crypto call. So it is used as if it were the value:
/// `format!("Bearer {token}")`. It cannot be serialised, because the engine leaves bodies alone.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// Of no use but in tests: the engine makes the real ones.
    pub fn new(placeholder: impl Into<String>) -> Self {
        Self(placeholder.into())
    }

    /// Whether the administrator left the field empty.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// The placeholder.
impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl AsRef<str> for Secret {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl AsRef<[u8]> for Secret {
    fn as_ref(&self) -> &[u8] {
        self.0.as_bytes()
    }
}
