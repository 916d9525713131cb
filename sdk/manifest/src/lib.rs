//! What a plugin says of itself. Authors write `plugin.toml`; the build tool checks it and embeds
//! it in the component as JSON (custom section [`SECTION`]), so that the engine can read it without
//! running anything.

mod capability;
pub mod component;
mod expression;
mod face;
mod field;
mod limits;
mod pattern;
mod permissions;
#[cfg(test)]
mod tests;
mod webhook;

pub use capability::Capability;
pub use expression::Pattern;
pub use face::{Category, Dialect, TextForm, Unit};
pub use field::{Field, FieldType, Format, Problem, Title, is_host};
pub use limits::{Limits, Rate, Rates, Span};
pub use pattern::HostPattern;
pub use permissions::{ORIGIN_FIELD_PREFIX, Permissions};
pub use webhook::{Encoding, PlainIf, Sample, Signature, Webhook};

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

/// Name of the custom section that holds the manifest.
pub const SECTION: &str = "push-notify:manifest";

/// The contract version that the current SDK builds for.
pub const CONTRACT: &str = "0.1.0";

/// What messages are about; a channel brings a template for each of them, if it likes.
pub const SCENES: [&str; 9] = [
    "commit_notify",
    "review_notify",
    "comment_notify",
    "issue_notify",
    "release_notify",
    "pipeline_notify",
    "alert_notify",
    "generic_notify",
    "digest",
];

/// Kinds of events that a source can tell of.
pub const KINDS: [&str; 10] = [
    "push",
    "merge_request",
    "tag_push",
    "comment",
    "issue",
    "release",
    "pipeline",
    "deployment",
    "alert",
    "custom",
];

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Lower-case letters, digits and `_`, from a letter. Targets, repositories and models name it
    /// as their type.
    pub id: String,
    pub kind: Kind,
    /// Semantic version of the plugin.
    pub version: String,
    #[serde(default)]
    pub description: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<Category>,
    /// How to get what the configuration asks for, line by line. Of a provider, its webhook is set
    /// up by `webhook.setup`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instructions: Option<Title>,
    /// A small drawing, as SVG.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub icon: Option<String>,
    /// Of a channel: what it makes of a text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<TextForm>,
    /// Of a channel: it shows a message's title, fields and link by itself, so that the engine's
    /// built-in templates leave them out of the text.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub card: bool,
    /// Of a channel that changes or answers messages: the field of its configuration without which
    /// it can do neither. None: it always can.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversation_field: Option<String>,
    /// Version of the contract; the build tool fills it in.
    #[serde(default = "contract")]
    pub contract: String,
    /// What it can do beyond what its kind must; each is an interface that it exports.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub capabilities: Vec<Capability>,
    #[serde(default)]
    pub permissions: Permissions,
    #[serde(default)]
    pub limits: Limits,
    /// What a target, repository or model of this type carries, in the order in which a form shows
    /// it.
    #[serde(default)]
    pub config: IndexMap<String, Field>,
    /// Built-in default texts of a channel, by scene.
    #[serde(default)]
    pub templates: IndexMap<String, TemplateText>,
    /// Of a provider.
    #[serde(default)]
    pub webhook: Webhook,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    Provider,
    Channel,
    Ai,
}

impl Kind {
    /// As written in manifests, and the name of the interface that a component of this kind
    /// exports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Provider => "provider",
            Self::Channel => "channel",
            Self::Ai => "ai",
        }
    }
}

impl std::fmt::Display for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TemplateText {
    pub title: String,
    pub content: String,
}

/// Why a manifest is refused. The text names the key.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("plugin.toml: {0}")]
    Toml(#[from] toml::de::Error),
    #[error("embedded manifest: {0}")]
    Json(#[from] serde_json::Error),
    #[error("{key}: {problem}")]
    Rule { key: String, problem: String },
}

impl Manifest {
    pub fn from_toml(text: &str) -> Result<Self, Error> {
        let manifest: Self = toml::from_str(text)?;
        manifest.checked()
    }

    /// Reads what [`Manifest::to_json`] wrote.
    pub fn from_json(bytes: &[u8]) -> Result<Self, Error> {
        let manifest: Self = serde_json::from_slice(bytes)?;
        manifest.checked()
    }

    pub fn to_json(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// Of a provider: whether what it stands for are repositories, each with an address of its own.
    pub fn is_git_host(&self) -> bool {
        matches!(self.category, None | Some(Category::Git))
    }

    /// Checks a configuration object against the declared fields, and fills in defaults. Fails with
    /// every problem at once.
    pub fn check_config(
        &self,
        config: &mut serde_json::Map<String, serde_json::Value>,
    ) -> Result<(), Vec<Problem>> {
        let mut problems: Vec<Problem> = config
            .keys()
            .filter(|name| !self.config.contains_key(*name))
            .map(|name| Problem::unknown(name, self.config.keys()))
            .collect();
        for (name, field) in &self.config {
            match config.get(name) {
                None | Some(serde_json::Value::Null) => {
                    config.remove(name);
                    if let Some(value) = &field.default {
                        config.insert(name.clone(), value.clone());
                    } else if field.required {
                        problems.push(Problem::missing(name));
                    }
                }
                Some(value) => problems.extend(field.check(name, value)),
            }
        }
        if problems.is_empty() {
            Ok(())
        } else {
            Err(problems)
        }
    }

    fn checked(self) -> Result<Self, Error> {
        let rule = |key: &str, problem: String| Error::Rule {
            key: key.to_owned(),
            problem,
        };
        let mut letters = self.id.chars();
        let starts = letters.next().is_some_and(|c| c.is_ascii_lowercase());
        if !starts
            || self.id.len() > 32
            || !letters.all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        {
            return Err(rule(
                "id",
                format!(
                    "`{}` is not an id: use at most 32 lower-case letters, digits and `_`, from a letter",
                    self.id
                ),
            ));
        }
        if self.version.split('.').count() < 3 {
            return Err(rule(
                "version",
                format!("`{}` is not a version such as 1.0.0", self.version),
            ));
        }
        if let Some(category) = self.category
            && category.kind() != self.kind
        {
            let problem = format!("it is one of kind {}", category.kind());
            return Err(rule("category", problem));
        }
        if let Some(instructions) = &self.instructions {
            face::check_instructions(instructions)
                .map_err(|problem| rule("instructions", problem))?;
        }
        if let Some(icon) = &self.icon {
            face::check_icon(icon).map_err(|problem| rule("icon", problem))?;
        }
        if self.text.is_some() && self.kind != Kind::Channel {
            return Err(rule("text", "only channels send texts".to_owned()));
        }
        for (at, capability) in self.capabilities.iter().enumerate() {
            if capability.kind() != self.kind {
                let problem = format!(
                    "`{capability}` is of kind {}, and this plugin is of kind {}",
                    capability.kind(),
                    self.kind
                );
                return Err(rule("capabilities", problem));
            }
            if self.capabilities[..at].contains(capability) {
                return Err(rule(
                    "capabilities",
                    format!("`{capability}` is there twice"),
                ));
            }
        }
        if let Some(field) = &self.conversation_field {
            let can = [Capability::Update, Capability::Reply];
            let problem = match self.config.contains_key(field) {
                false => Some(format!("there is no config.{field}")),
                true if !can.iter().any(|can| self.capabilities.contains(can)) => {
                    Some("the plugin neither changes nor answers messages".to_owned())
                }
                true => None,
            };
            if let Some(problem) = problem {
                return Err(rule("conversation_field", problem));
            }
        }
        if !self.templates.is_empty() && self.kind != Kind::Channel {
            return Err(rule("templates", "only channels have templates".to_owned()));
        }
        if let Some(scene) = self
            .templates
            .keys()
            .find(|scene| !SCENES.contains(&scene.as_str()))
        {
            return Err(rule(
                &format!("templates.{scene}"),
                format!("there is no such scene; there are {}", SCENES.join(", ")),
            ));
        }
        if self.webhook != Webhook::default() && self.kind != Kind::Provider {
            return Err(rule("webhook", "only providers have webhooks".to_owned()));
        }
        self.webhook
            .check()
            .map_err(|(key, problem)| rule(key, problem))?;
        self.limits
            .check()
            .map_err(|(key, problem)| rule(key, problem))?;
        self.permissions
            .check(self.kind, &self.config)
            .map_err(|(key, problem)| rule(key, problem))?;
        for (name, field) in &self.config {
            field
                .check_declaration(name)
                .map_err(|problem| rule(&format!("config.{name}"), problem))?;
        }
        Ok(self)
    }
}

fn contract() -> String {
    CONTRACT.to_owned()
}
