use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// A regular expression that a whole text must match, in the syntax that Rust's `regex` and a
/// browser's `pattern` have in common.
#[derive(Debug, Clone)]
pub struct Pattern {
    source: String,
    whole: regex_lite::Regex,
}

const MAX_PATTERN_BYTES: usize = 200;

impl Pattern {
    pub fn is_match(&self, text: &str) -> bool {
        self.whole.is_match(text)
    }
}

impl FromStr for Pattern {
    type Err = String;

    fn from_str(source: &str) -> Result<Self, String> {
        if source.len() > MAX_PATTERN_BYTES {
            return Err(format!("a pattern has at most {MAX_PATTERN_BYTES} bytes"));
        }
        // As a browser reads it: from the start of the text to its end.
        let whole = regex_lite::Regex::new(&format!("^(?:{source})$"))
            .map_err(|problem| format!("pattern `{source}`: {problem}"))?;
        Ok(Self {
            source: source.to_owned(),
            whole,
        })
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.source)
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.source == other.source
    }
}

impl Serialize for Pattern {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.source)
    }
}

impl<'de> Deserialize<'de> for Pattern {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let source = String::deserialize(deserializer)?;
        source.parse().map_err(serde::de::Error::custom)
    }
}
