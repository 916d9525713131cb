//! The field `digest` of a target: when pushes that had to wait for its rate are merged into one
//! message.

use crate::http::extract::Form;
use push_notify_core::i18n::Text;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The least and the most that one message can carry.
const FEWEST: i64 = 2;
const MOST: i64 = 200;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(rename = "TargetDigest")]
pub struct DigestRule {
    pub enabled: bool,
    /// Fewer than these are sent one by one.
    pub min: i64,
    /// One message carries no more than these.
    pub max: i64,
}

impl Default for DigestRule {
    fn default() -> Self {
        Self {
            enabled: false,
            min: 3,
            max: 50,
        }
    }
}

impl DigestRule {
    /// # Errors
    /// The column holds something else.
    pub fn from_stored(text: Option<&str>) -> Result<Self, serde_json::Error> {
        text.map_or_else(|| Ok(Self::default()), serde_json::from_str)
    }

    /// None: as nobody has said anything.
    pub fn to_stored(self) -> Option<String> {
        match self == Self::default() {
            true => None,
            false => serde_json::to_string(&self).ok(),
        }
    }
}

/// What a body says of it.
pub struct Change {
    given: Given,
}

enum Given {
    Nothing,
    /// `null`: it is to be as usual.
    Null,
    Fields(Fields),
}

struct Fields {
    enabled: Option<bool>,
    min: Option<i64>,
    max: Option<i64>,
}

impl Change {
    pub fn read(form: &mut Form) -> Self {
        let given = match form.nested("digest", Fields::read) {
            Some(fields) => Given::Fields(fields),
            None if form.has("digest") => Given::Null,
            None => Given::Nothing,
        };
        Self { given }
    }

    /// What the body does not name stays.
    pub fn onto(self, digest: DigestRule, form: &mut Form) -> DigestRule {
        let fields = match self.given {
            Given::Nothing => return digest,
            Given::Null => return DigestRule::default(),
            Given::Fields(fields) => fields,
        };
        let digest = DigestRule {
            enabled: fields.enabled.unwrap_or(digest.enabled),
            min: fields.min.unwrap_or(digest.min),
            max: fields.max.unwrap_or(digest.max),
        };
        if digest.min > digest.max {
            let problem = Text::made(
                format!("不能大于digest.max（{}）", digest.max),
                format!("must not be greater than digest.max ({})", digest.max),
            );
            form.refuse("digest.min", &problem);
        }
        digest
    }
}

impl Fields {
    fn read(form: &mut Form) -> Self {
        Self {
            enabled: form.boolean("enabled"),
            min: form.whole("min", FEWEST, MOST),
            max: form.whole("max", FEWEST, MOST),
        }
    }
}

#[cfg(test)]
mod tests;
