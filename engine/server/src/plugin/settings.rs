//! The configuration of a target or repository: checked by what its plugin declares, and parted
//! into what everybody may read and secrets, which are stored encrypted and shown masked.

use push_notify_core::{
    i18n::Text,
    secret::{self, MASK, Place, Vault},
};
use push_notify_host::{LIST, Settings, field_of};
use push_notify_manifest::{Field, FieldType, Manifest, Permissions};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// As stored: JSON objects in the columns `config` and `secrets`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Stored {
    pub config: Map<String, Value>,
    /// Sealed. Those of a list are one, a JSON array, by its name with [`LIST`] behind it.
    pub secrets: BTreeMap<String, String>,
}

/// What a checked configuration comes to.
#[derive(Debug, Default, PartialEq)]
pub struct Checked {
    config: Map<String, Value>,
    secrets: BTreeMap<String, Secret>,
    /// The field whose change sends what follows to another host.
    pub moved_by: Option<String>,
}

#[derive(Debug, PartialEq)]
enum Secret {
    Kept(String),
    New(String),
}

const REAL_VALUE: Text = Text::new("必须填写真实的值", "must be the real value, not the mask");

/// What is wrong with a field, by its name within the configuration.
pub type Problem = (String, Text);

/// Which rows' secrets are opened and sealed.
#[derive(Clone, Copy)]
pub struct Owner<'a> {
    pub vault: &'a Vault,
    pub table: &'static str,
    /// A plain number: `table` says of which.
    pub row: i64,
}

impl Stored {
    pub fn parse(config: &str, secrets: &str) -> Result<Self, serde_json::Error> {
        Ok(Self {
            config: serde_json::from_str(config)?,
            secrets: serde_json::from_str(secrets)?,
        })
    }

    pub fn config_json(&self) -> String {
        Value::from(self.config.clone()).to_string()
    }

    pub fn secrets_json(&self) -> String {
        let secrets = self
            .secrets
            .iter()
            .map(|(name, sealed)| (name.clone(), sealed.as_str().into()));
        Value::Object(secrets.collect()).to_string()
    }

    /// What the API shows.
    pub fn masked(&self) -> Map<String, Value> {
        let mut shown = self.config.clone();
        for name in self.secrets.keys() {
            shown.insert(field_of(name).to_owned(), MASK.into());
        }
        shown
    }

    /// Whether a field says anything.
    pub fn is_filled(&self, field: &str) -> bool {
        let mut secrets = self.secrets.keys();
        secrets.any(|name| field_of(name) == field) || says(self.config.get(field))
    }
}

/// As in [`Stored::is_filled`], for what a call is told.
pub fn is_filled(settings: &Settings, field: &str) -> bool {
    let mut secrets = settings.secrets.iter();
    secrets.any(|(name, _)| field_of(name) == field) || says(settings.config.get(field))
}

fn says(value: Option<&Value>) -> bool {
    !matches!(value, None | Some(Value::Null)) && value != Some(&"".into())
}

impl Owner<'_> {
    fn place<'a>(&self, field: &'a str) -> Place<'a> {
        Place {
            table: self.table,
            column: field,
            row: self.row,
        }
    }

    fn open(&self, field: &str, sealed: &str) -> Option<String> {
        self.vault.open_text(self.place(field), sealed).ok()
    }
}

/// Checks a first configuration.
pub fn check_new(manifest: &Manifest, given: Map<String, Value>) -> Result<Checked, Vec<Problem>> {
    let merged = Merged::of(manifest, &Stored::default(), given);
    finish(manifest, merged, Vec::new())
}

/// Checks what `given` makes of `stored`: field by field, where `null` removes a field, and the
/// mask or an empty text keeps a secret.
///
/// Fails also when a field that decides where secrets are sent changes while a stored secret is
/// kept. Otherwise anybody who may edit this could have it sent to a host of their own.
pub fn check_change(
    manifest: &Manifest,
    owner: Owner<'_>,
    stored: &Stored,
    given: Map<String, Value>,
) -> Result<Checked, Vec<Problem>> {
    let mut merged = Merged::of(manifest, stored, given);
    let opened = |name: &str| {
        let (name, sealed) = stored
            .secrets
            .iter()
            .find(|(secret, _)| field_of(secret) == name)?;
        let text = owner.open(name, sealed)?;
        match name.ends_with(LIST) {
            true => serde_json::from_str(&text).ok(),
            false => Some(Value::from(text)),
        }
    };
    for name in merged.kept.keys() {
        match opened(name) {
            Some(value) => _ = merged.values.insert(name.clone(), value),
            None => merged.problems.push((
                name.clone(),
                Text::new(
                    "已存储的值无法读取，请重新填写",
                    "cannot be read any more: give it again",
                ),
            )),
        }
    }
    let before = |name: &str| {
        let plain = stored.config.get(name).cloned();
        let default = || {
            manifest
                .config
                .get(name)
                .and_then(|field| field.default.clone())
        };
        plain.or_else(|| opened(name)).or_else(default)
    };
    let now = |name: &str| {
        let default = || {
            manifest
                .config
                .get(name)
                .and_then(|field| field.default.clone())
        };
        merged.values.get(name).cloned().or_else(default)
    };
    let moved_by: Vec<String> = origin_fields(manifest)
        .filter(|name| before(name) != now(name))
        .map(str::to_owned)
        .collect();
    finish(manifest, merged, moved_by)
}

/// Values by field, secrets in the clear, before they are checked.
struct Merged {
    values: Map<String, Value>,
    /// Secrets that stay as they are stored, by field.
    kept: BTreeMap<String, String>,
    problems: Vec<Problem>,
}

impl Merged {
    fn of(manifest: &Manifest, stored: &Stored, given: Map<String, Value>) -> Self {
        let is_secret = |name: &str| manifest.config.get(name).is_some_and(|field| field.secret);
        // What an earlier version of the plugin declared and this one does not is dropped.
        let known = stored
            .config
            .iter()
            .filter(|(name, _)| manifest.config.contains_key(*name));
        let mut merged = Self {
            values: known
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect(),
            kept: BTreeMap::new(),
            problems: Vec::new(),
        };
        for (name, sealed) in &stored.secrets {
            let field = field_of(name);
            // What is declared otherwise now cannot be kept.
            if is_secret(field) && secret_name(manifest, field) == *name {
                merged.kept.insert(field.to_owned(), sealed.clone());
            }
        }
        for (name, value) in given {
            if is_secret(&name) && value == "" && merged.kept.contains_key(&name) {
                continue;
            }
            if is_secret(&name) && value == MASK {
                if !merged.kept.contains_key(&name) {
                    merged.problems.push((name, REAL_VALUE));
                }
                continue;
            }
            if is_secret(&name)
                && let Some(problem) = problem_of_secret(&value)
            {
                merged.problems.push((name, problem));
                continue;
            }
            merged.kept.remove(&name);
            merged.values.remove(&name);
            if !is_nothing(manifest.config.get(&name), &value) {
                merged.values.insert(name, value);
            }
        }
        merged
    }
}

/// Of one, or of those of a list.
fn problem_of_secret(value: &Value) -> Option<Text> {
    let texts: Vec<&str> = match value {
        Value::Array(entries) => entries.iter().filter_map(Value::as_str).collect(),
        value => value.as_str().into_iter().collect(),
    };
    if texts.contains(&MASK) {
        return Some(REAL_VALUE);
    }
    if value.is_array() && texts.contains(&"") {
        return Some(Text::new("不能有空的条目", "must not have an empty entry"));
    }
    let has_blanks = texts.into_iter().any(secret::has_blanks_around);
    has_blanks.then_some(secret::BLANKS_AROUND)
}

/// By which a field's secrets are stored, and told to a call.
fn secret_name(manifest: &Manifest, field: &str) -> String {
    let declared = manifest.config.get(field);
    match declared.is_some_and(|declared| declared.kind == FieldType::List) {
        true => format!("{field}{LIST}"),
        false => field.to_owned(),
    }
}

/// `null`; and the empty text that a form sends for an optional field.
fn is_nothing(field: Option<&Field>, value: &Value) -> bool {
    let optional = |field: &Field| field.kind == FieldType::String && !field.required;
    value.is_null() || value == "" && field.is_some_and(optional)
}

fn finish(
    manifest: &Manifest,
    mut merged: Merged,
    moved_by: Vec<String>,
) -> Result<Checked, Vec<Problem>> {
    let mut problems = merged.problems;
    if let Err(found) = manifest.check_config(&mut merged.values) {
        let named = |name: &str| problems.iter().any(|(known, _)| known == name);
        let found: Vec<Problem> = found
            .into_iter()
            .filter(|problem| !named(&problem.field))
            .map(|problem| (problem.field, Text::made(problem.zh, problem.en)))
            .collect();
        problems.extend(found);
    }
    if let Some(moved_by) = moved_by.first() {
        problems.extend(
            merged
                .kept
                .keys()
                .map(|name| (name.clone(), give_again(moved_by))),
        );
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let mut checked = Checked {
        moved_by: moved_by.into_iter().next(),
        ..Checked::default()
    };
    for (name, value) in merged.values {
        let is_secret = manifest.config.get(&name).is_some_and(|field| field.secret);
        if !is_secret {
            checked.config.insert(name, value);
            continue;
        }
        let secret = match (merged.kept.remove(&name), value) {
            (Some(sealed), _) => Secret::Kept(sealed),
            (None, Value::String(text)) => Secret::New(text),
            (None, Value::Array(entries)) if entries.is_empty() => continue,
            (None, value) => Secret::New(value.to_string()),
        };
        let name = secret_name(manifest, &name);
        checked.secrets.insert(name, secret);
    }
    Ok(checked)
}

/// Why a secret must come with this change.
pub fn give_again(moved_by: &str) -> Text {
    Text::made(
        format!("必须重新填写，因为{moved_by}已更改"),
        format!("must be given again because {moved_by} changes"),
    )
}

/// Another port is another server, and without TLS anybody on the way reads the password.
const MAIL_FIELDS: [&str; 2] = ["smtp_port", "tls"];

/// The fields that say where a secret goes, and how. Where the plugin may call any host below
/// another, each text may be what tells it which one.
fn origin_fields(manifest: &Manifest) -> impl Iterator<Item = &str> {
    let permissions = &manifest.permissions;
    let patterns = || permissions.http.iter().chain(&permissions.smtp);
    let chooses = patterns().any(|pattern| pattern.starts_with("*."));
    let is_text = |field: &Field| {
        matches!(
            field.kind,
            FieldType::String | FieldType::List | FieldType::Map | FieldType::Object
        )
    };
    let texts = manifest.config.iter();
    patterns()
        .filter_map(|pattern| Permissions::config_field(pattern))
        .chain(permissions.smtp.iter().flat_map(|_| MAIL_FIELDS))
        .chain(
            texts
                .filter(move |(_, field)| chooses && !field.secret && is_text(field))
                .map(|(name, _)| name.as_str()),
        )
}

impl Checked {
    /// What is no secret.
    pub fn plain(&self) -> &Map<String, Value> {
        &self.config
    }

    /// Seals the new secrets for the row that they will be stored in.
    pub fn seal(self, owner: Owner<'_>) -> Stored {
        let seal = |(name, secret): (String, Secret)| {
            let sealed = match secret {
                Secret::Kept(sealed) => sealed,
                Secret::New(text) => owner.vault.seal(owner.place(&name), text.as_bytes()),
            };
            (name, sealed)
        };
        Stored {
            config: self.config,
            secrets: self.secrets.into_iter().map(seal).collect(),
        }
    }
}

#[cfg(test)]
mod tests;
