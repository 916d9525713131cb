use crate::Pattern;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::net::IpAddr;

/// A field of a target's, repository's or model's configuration.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    #[serde(rename = "type")]
    pub kind: FieldType,
    #[serde(default, skip_serializing_if = "is_false")]
    pub required: bool,
    /// Encrypted at rest, masked in the API, and a placeholder to the plugin. A string, or a list,
    /// which the API masks as a whole.
    #[serde(default, skip_serializing_if = "is_false")]
    pub secret: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<Format>,
    /// The only values allowed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<Value>,
    /// Smallest number; for a string or list its smallest length.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<Value>,
    /// A string of several lines, such as a key in PEM form.
    #[serde(default, skip_serializing_if = "is_false")]
    pub multiline: bool,
    /// A regular expression that the whole of a string, or of each entry, must match.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pattern: Option<Pattern>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<Title>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help: Option<Title>,
    /// What a form shows in an empty field.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub placeholder: Option<String>,
    /// Fields of one group stand together in a form, under this heading.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<Title>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FieldType {
    String,
    Integer,
    /// Whole or not.
    Number,
    Boolean,
    /// A list of strings.
    List,
    /// Strings by name, such as headers of one's own.
    Map,
    /// A JSON object of any depth that JSON readers take, which the plugin checks; `max` bounds its
    /// JSON text, in bytes.
    Object,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// An absolute `http` or `https` URL without user information.
    Url,
    Host,
    Email,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Title {
    pub en: String,
    #[serde(default)]
    pub zh: String,
}

/// One thing that is wrong with a configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    pub field: String,
    pub en: String,
    pub zh: String,
}

/// Longest string that a field takes, in bytes, when it declares no `max`.
const LONGEST: usize = 8192;
/// Names that have less in common are not the same one misspelt.
const ALIKE: f64 = 0.6;
const MAX_PLACEHOLDER_BYTES: usize = 200;
/// Most entries of a list.
const MOST: usize = 500;

impl Problem {
    /// `known` are those that there are.
    pub(crate) fn unknown<'a>(name: &str, known: impl Iterator<Item = &'a String>) -> Self {
        let likeness = |known: &str| strsim::normalized_damerau_levenshtein(known, name);
        let nearest = known
            .map(|known| (likeness(known), known))
            .filter(|(likeness, _)| *likeness >= ALIKE)
            .max_by(|(one, _), (other, _)| one.total_cmp(other));
        match nearest {
            Some((_, meant)) => Self::new(
                name,
                format!("is not a known field; did you mean {meant}?"),
                format!("不是已知字段，是否应为{meant}？"),
            ),
            None => Self::new(name, "is not a known field", "不是已知字段"),
        }
    }

    pub(crate) fn missing(name: &str) -> Self {
        Self::new(name, "is required", "不能为空")
    }

    fn new(field: &str, en: impl Into<String>, zh: impl Into<String>) -> Self {
        Self {
            field: field.to_owned(),
            en: en.into(),
            zh: zh.into(),
        }
    }
}

impl Field {
    /// What is wrong with `value` as this field, called `name`.
    pub fn check(&self, name: &str, value: &Value) -> Option<Problem> {
        let problem = |(en, zh): (String, String)| Problem::new(name, en, zh);
        self.check_type(value).err().map(problem).or_else(|| {
            let listed = self.options.is_empty() || self.options.contains(value);
            (!listed).then(|| {
                let options: Vec<String> = self.options.iter().map(plain).collect();
                let options = options.join(", ");
                Problem::new(
                    name,
                    format!("must be one of: {options}"),
                    format!("必须是以下之一：{options}"),
                )
            })
        })
    }

    fn check_type(&self, value: &Value) -> Result<(), (String, String)> {
        match (self.kind, value) {
            (FieldType::String, Value::String(text)) => self.check_text(text),
            (FieldType::Integer, Value::Number(number)) => match number.as_i64() {
                Some(number) => self.check_bounds(number as f64, ""),
                None => Err(pair("must be a whole number", "必须是整数")),
            },
            (FieldType::Number, Value::Number(number)) => match number.as_f64() {
                Some(number) => self.check_bounds(number, ""),
                None => Err(pair("must be a number", "必须是数字")),
            },
            (FieldType::Boolean, Value::Bool(_)) => Ok(()),
            (FieldType::List, Value::Array(entries)) => {
                if entries.len() > MOST {
                    return Err(pair("has too many entries", "条目过多"));
                }
                if self.required && entries.is_empty() {
                    return Err(pair("must not be empty", "不能为空"));
                }
                self.check_bounds(entries.len() as f64, " entries")?;
                entries.iter().try_for_each(|entry| match entry {
                    Value::String(text) => {
                        self.check_line(text)?;
                        self.check_format(text)
                    }
                    _ => Err(pair("must be a list of strings", "必须是字符串列表")),
                })
            }
            (FieldType::Map, Value::Object(entries)) => {
                if entries.len() > MOST {
                    return Err(pair("has too many entries", "条目过多"));
                }
                if self.required && entries.is_empty() {
                    return Err(pair("must not be empty", "不能为空"));
                }
                self.check_bounds(entries.len() as f64, " entries")?;
                entries.iter().try_for_each(|(name, entry)| match entry {
                    _ if name.trim().is_empty() => {
                        Err(pair("has an entry without a name", "存在没有名称的条目"))
                    }
                    Value::String(text) => {
                        self.check_line(name)?;
                        self.check_line(text)?;
                        self.check_format(text)
                    }
                    _ => Err(pair(
                        "must be an object of strings",
                        "必须是值为字符串的对象",
                    )),
                })
            }
            (FieldType::Object, Value::Object(entries)) => {
                if self.required && entries.is_empty() {
                    return Err(pair("must not be empty", "不能为空"));
                }
                self.check_bounds(value.to_string().len() as f64, " bytes")
            }
            (FieldType::Object, _) => Err(pair("must be a JSON object", "必须是JSON对象")),
            (FieldType::Map, _) => Err(pair(
                "must be an object of strings",
                "必须是值为字符串的对象",
            )),
            (FieldType::String, _) => Err(pair("must be a string", "必须是字符串")),
            (FieldType::Integer, _) => Err(pair("must be a whole number", "必须是整数")),
            (FieldType::Number, _) => Err(pair("must be a number", "必须是数字")),
            (FieldType::Boolean, _) => Err(pair("must be true or false", "必须是 true 或 false")),
            (FieldType::List, _) => Err(pair("must be a list of strings", "必须是字符串列表")),
        }
    }

    fn check_text(&self, text: &str) -> Result<(), (String, String)> {
        if self.required && text.trim().is_empty() {
            return Err(pair("must not be empty", "不能为空"));
        }
        self.check_line(text)?;
        self.check_bounds(text.chars().count() as f64, " characters")?;
        if text.is_empty() {
            return Ok(());
        }
        self.check_format(text)
    }

    /// What holds for a string and for each entry of a list.
    fn check_line(&self, text: &str) -> Result<(), (String, String)> {
        let bounded = self.kind == FieldType::String && self.max.is_some();
        if text.len() > LONGEST && !bounded {
            return Err(pair("is too long", "过长"));
        }
        let breaks = |c: char| self.multiline && matches!(c, '\n' | '\r' | '\t');
        if text.chars().any(|c| c.is_control() && !breaks(c)) {
            return Err(pair(
                "must not contain control characters",
                "不能包含控制字符",
            ));
        }
        Ok(())
    }

    fn check_bounds(&self, size: f64, of: &str) -> Result<(), (String, String)> {
        match (self.min, self.max) {
            (Some(min), _) if size < min as f64 => Err((
                format!("must be at least {min}{of}"),
                format!("不能小于 {min}"),
            )),
            (_, Some(max)) if size > max as f64 => Err((
                format!("must be at most {max}{of}"),
                format!("不能大于 {max}"),
            )),
            _ => Ok(()),
        }
    }

    fn check_format(&self, text: &str) -> Result<(), (String, String)> {
        if let Some(pattern) = &self.pattern
            && !pattern.is_match(text)
        {
            return Err((
                format!("must match {pattern}"),
                format!("必须符合格式 {pattern}"),
            ));
        }
        let sound = match self.format {
            None => true,
            Some(Format::Url) => is_url(text),
            Some(Format::Host) => is_host(text),
            Some(Format::Email) => is_email(text),
        };
        match self.format {
            _ if sound => Ok(()),
            Some(Format::Url) => Err(pair(
                "must be an http or https URL",
                "必须是 http 或 https URL",
            )),
            Some(Format::Host) => Err(pair(
                "must be a host name or address, without a scheme or port",
                "必须是主机名或地址，不带协议和端口",
            )),
            _ => Err(pair("must be an e-mail address", "必须是邮箱地址")),
        }
    }

    pub(crate) fn check_declaration(&self, name: &str) -> Result<(), String> {
        let named = name.starts_with(|c: char| c.is_ascii_lowercase())
            && name
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
        if !named {
            return Err("a field name has lower-case letters, digits and `_`".to_owned());
        }
        if self.secret && !matches!(self.kind, FieldType::String | FieldType::List) {
            return Err("only a string or a list can be secret".to_owned());
        }
        let is_text = matches!(
            self.kind,
            FieldType::String | FieldType::List | FieldType::Map
        );
        if self.multiline && self.kind != FieldType::String {
            return Err("only a string can have several lines".to_owned());
        }
        if self.pattern.is_some() && !is_text {
            return Err("only text has a pattern".to_owned());
        }
        if self
            .placeholder
            .as_ref()
            .is_some_and(|text| text.len() > MAX_PLACEHOLDER_BYTES)
        {
            return Err(format!(
                "the placeholder has more than {MAX_PLACEHOLDER_BYTES} bytes"
            ));
        }
        if let Some(default) = &self.default
            && let Some(problem) = self.check(name, default)
        {
            return Err(format!("the default {}", problem.en));
        }
        Ok(())
    }
}

fn pair(en: &str, zh: &str) -> (String, String) {
    (en.to_owned(), zh.to_owned())
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// The shape only; the engine parses it in full before it connects anywhere.
fn is_url(text: &str) -> bool {
    let rest = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"));
    rest.is_some_and(|rest| {
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        !authority.is_empty() && !authority.contains('@') && !text.contains(char::is_whitespace)
    })
}

/// A name or an address, with or without the brackets that IPv6 has in URLs, and no port.
pub fn is_host(text: &str) -> bool {
    let inside = text.strip_prefix('[').and_then(|it| it.strip_suffix(']'));
    if inside.is_some() || text.contains(':') {
        return inside.unwrap_or(text).parse::<IpAddr>().is_ok();
    }
    let is_label = |label: &str| {
        let is_part = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
        !label.is_empty() && label.chars().all(is_part)
    };
    let name = text.strip_suffix('.').unwrap_or(text);
    text.len() <= 253 && name.split('.').all(is_label)
}

fn is_email(text: &str) -> bool {
    text.len() <= 254
        && text.rsplit_once('@').is_some_and(|(local, domain)| {
            !local.is_empty() && !local.contains([' ', ',', ';', '<', '>']) && is_host(domain)
        })
}

fn is_false(value: &bool) -> bool {
    !value
}
