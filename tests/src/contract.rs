//! The API contract as data: `tests/contract/`.

use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Map, Value};
use std::{fmt, fs};

use crate::workspace;

/// An endpoint as the contract describes it. What each field means is said at the top of
/// `endpoints.toml`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Endpoint {
    pub section: String,
    pub method: String,
    pub path: String,
    #[serde(default)]
    pub query: Vec<Field>,
    #[serde(default)]
    pub paged: bool,
    #[serde(default)]
    pub body: Vec<Field>,
    #[serde(default)]
    answer: Vec<Key>,
    #[serde(default)]
    implied: Vec<Key>,
    #[serde(default)]
    pub download: bool,
    #[serde(default)]
    pub multipart: bool,
    pub call: Vec<Call>,
}

/// A query parameter, or a field of a body.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "String")]
pub struct Field {
    pub name: String,
    pub kind: Kind,
    pub required: bool,
}

/// A key of an answer's `data`.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "String")]
pub struct Key {
    /// Dotted; `x[]` and `x[?]` stand for the entries of `x`.
    pub path: String,
    pub kind: Kind,
    pub nullable: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Int,
    Number,
    String,
    Bool,
    Object,
    Array,
    /// RFC 3339, UTC.
    Time,
    /// YYYY-MM-DD.
    Date,
}

/// A request that must succeed.
#[derive(Debug, Clone, Deserialize)]
pub struct Call {
    #[serde(rename = "as")]
    pub client: Option<String>,
    #[serde(default)]
    pub query: String,
    pub body: Option<Value>,
    pub file: Option<String>,
    /// Path parameters.
    #[serde(flatten)]
    pub path: Map<String, Value>,
}

/// A code of the contract.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Code {
    pub code: u32,
    /// The HTTP status that a business code comes with; the others are one.
    pub status: Option<u16>,
    pub meaning: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Codes {
    pub general: Vec<Code>,
    pub business: Vec<Code>,
}

/// Every endpoint, in the contract's order.
pub fn endpoints() -> Vec<Endpoint> {
    #[derive(Deserialize)]
    struct File {
        endpoint: Vec<Endpoint>,
    }
    read::<File>("endpoints").endpoint
}

pub fn codes() -> Codes {
    read("codes")
}

fn read<T: DeserializeOwned>(name: &str) -> T {
    let path = workspace().join(format!("tests/contract/{name}.toml"));
    let text = fs::read_to_string(&path).expect("the contract's data");
    toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

impl Endpoint {
    /// What the answer's `data` must have.
    pub fn keys(&self) -> Vec<Key> {
        let pagination = ["page", "size", "total", "total_pages"].map(|name| Key {
            path: format!("pagination.{name}"),
            kind: Kind::Int,
            nullable: false,
        });
        let pagination = pagination.into_iter().filter(|_| self.paged);
        let documented = self.answer.iter().chain(&self.implied).cloned();
        documented.chain(pagination).collect()
    }

    /// What the query takes.
    pub fn parameters(&self) -> Vec<Field> {
        let page = ["page", "size"].map(|name| Field {
            name: name.to_owned(),
            kind: Kind::Int,
            required: false,
        });
        let page = page.into_iter().filter(|_| self.paged);
        self.query.iter().cloned().chain(page).collect()
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} ({})", self.method, self.path, self.section)
    }
}

impl TryFrom<String> for Field {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let (name, kind) = split(&text)?;
        Ok(Self {
            name: name.trim_end_matches('?').to_owned(),
            kind: Kind::parse(kind)?,
            required: !name.ends_with('?'),
        })
    }
}

impl TryFrom<String> for Key {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let (path, kind) = split(&text)?;
        let (kind, nullable) = match kind.strip_suffix("|null") {
            Some(kind) => (kind, true),
            None => (kind, false),
        };
        Ok(Self {
            path: path.to_owned(),
            kind: Kind::parse(kind)?,
            nullable,
        })
    }
}

fn split(text: &str) -> Result<(&str, &str), String> {
    text.split_once(": ")
        .ok_or_else(|| format!("`{text}` is not `name: type`"))
}

impl Kind {
    fn parse(name: &str) -> Result<Self, String> {
        Ok(match name {
            "int" => Self::Int,
            "number" => Self::Number,
            "string" => Self::String,
            "bool" => Self::Bool,
            "object" => Self::Object,
            "array" => Self::Array,
            "time" => Self::Time,
            "date" => Self::Date,
            _ => return Err(format!("`{name}` is no type")),
        })
    }

    /// The name in a JSON schema.
    pub fn schema_type(self) -> &'static str {
        match self {
            Self::Int => "integer",
            Self::Number => "number",
            Self::String | Self::Time | Self::Date => "string",
            Self::Bool => "boolean",
            Self::Object => "object",
            Self::Array => "array",
        }
    }

    fn fits(self, value: &Value) -> bool {
        match self {
            Self::Int => value.is_i64() || value.is_u64(),
            Self::Number => value.is_number(),
            Self::String => value.is_string(),
            Self::Bool => value.is_boolean(),
            Self::Object => value.is_object(),
            Self::Array => value.is_array(),
            Self::Time => value
                .as_str()
                .is_some_and(|text| text.ends_with('Z') && text.parse::<jiff::Timestamp>().is_ok()),
            Self::Date => value
                .as_str()
                .is_some_and(|text| text.len() == 10 && text.parse::<jiff::civil::Date>().is_ok()),
        }
    }
}

impl Key {
    /// What is wrong with `data` at this key.
    pub fn problem(&self, data: &Value) -> Option<String> {
        let steps: Vec<&str> = self.path.split('.').collect();
        let problem = self.problem_below(data, &steps)?;
        Some(format!("`{}` {problem}", self.path))
    }

    fn problem_below(&self, value: &Value, steps: &[&str]) -> Option<String> {
        let Some((step, rest)) = steps.split_first() else {
            let fits = self.kind.fits(value) || (self.nullable && value.is_null());
            let shown: String = value.to_string().chars().take(60).collect();
            return (!fits).then(|| format!("is no {:?}: {shown}", self.kind));
        };
        let name = step.trim_end_matches("[]").trim_end_matches("[?]");
        let Some(inner) = value.get(name) else {
            return Some("is missing".to_owned());
        };
        if name == *step {
            return self.problem_below(inner, rest);
        }
        match inner.as_array() {
            None => Some(format!("is missing: `{name}` is no list")),
            Some(entries) if entries.is_empty() && step.ends_with("[]") => {
                Some(format!("could not be looked at: `{name}` is empty"))
            }
            Some(entries) => entries
                .iter()
                .find_map(|entry| self.problem_below(entry, rest)),
        }
    }
}
