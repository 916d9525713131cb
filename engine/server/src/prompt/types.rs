use super::labels::{CATEGORIES, SEVERITIES, or_usual};
use crate::owner::Owner;
use push_notify_core::{
    clock::{Micros, rfc3339},
    id::{ModelId, PromptId},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone)]
pub struct Prompt {
    pub id: PromptId,
    pub name: String,
    pub description: Option<String>,
    pub kind: Kind,
    pub scene: Option<String>,
    /// The programming language that it is for.
    pub language: Option<String>,
    /// Of a prompt for messages: the channel plugin's id.
    pub target_type: Option<String>,
    /// One of `LOCALES`: the language that it is written in.
    pub locale: Option<String>,
    /// Of a built-in one: what it is called in the source.
    pub system_key: Option<String>,
    pub content: String,
    /// Of a prompt for reviews; None: the usual ones.
    pub categories: Option<Vec<String>>,
    pub severities: Option<Vec<String>>,
    pub model_id: Option<ModelId>,
    /// Of `model_id`, unless that is deleted.
    pub model_name: Option<String>,
    pub owner: Option<Owner>,
    /// From 1.
    pub version: i64,
    pub usage_count: i64,
    pub created_at: Micros,
    pub updated_at: Micros,
}

pub const LOCALES: [&str; 2] = ["zh-CN", "en-US"];

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(rename = "PromptType")]
pub enum Kind {
    /// Asks for a review of code.
    Codeview,
    /// Asks for the text of a message.
    Message,
}

impl Kind {
    pub const NAMES: [&'static str; 2] = ["codeview", "message"];

    pub fn name(self) -> &'static str {
        match self {
            Self::Codeview => "codeview",
            Self::Message => "message",
        }
    }

    pub fn from_stored(text: &str) -> Self {
        match text {
            "codeview" => Self::Codeview,
            _ => Self::Message,
        }
    }
}

/// A prompt in a list.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "PromptEntry")]
pub struct Entry {
    id: PromptId,
    name: String,
    description: Option<String>,
    #[serde(rename = "type")]
    kind: Kind,
    scene: Option<String>,
    language: Option<String>,
    target_type: Option<String>,
    locale: Option<String>,
    /// Built in: it can be copied, but not changed.
    is_system: bool,
    /// What a review's issues are about; null for prompts that ask for no review.
    categories: Option<Vec<String>>,
    /// What a review's issues can be, the most severe first; null for prompts that ask for no
    /// review.
    severities: Option<Vec<String>>,
    model_id: Option<ModelId>,
    model_name: Option<String>,
    /// Null: the administrators.
    owner: Option<Owner>,
    version: i64,
    created_at: String,
    updated_at: String,
}

/// A prompt by itself.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "PromptDetail")]
pub struct Detail {
    id: PromptId,
    name: String,
    description: Option<String>,
    #[serde(rename = "type")]
    kind: Kind,
    scene: Option<String>,
    language: Option<String>,
    target_type: Option<String>,
    locale: Option<String>,
    /// Built in: it can be copied, but not changed.
    is_system: bool,
    /// What a review's issues are about; null for prompts that ask for no review.
    categories: Option<Vec<String>>,
    /// What a review's issues can be, the most severe first; null for prompts that ask for no
    /// review.
    severities: Option<Vec<String>>,
    content: String,
    model_id: Option<ModelId>,
    model_name: Option<String>,
    /// Null: the administrators.
    owner: Option<Owner>,
    /// What the content names, without the dot.
    variables: Vec<String>,
    version: i64,
    /// How often a model was asked with it.
    usage_count: i64,
    created_at: String,
    updated_at: String,
}

/// What the content once was.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "PromptVersion")]
pub struct Version {
    pub version: i64,
    pub content: String,
    pub created_by: String,
    pub created_at: String,
}

/// The answer to `POST /prompts/{id}/test`.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "PromptTested")]
pub struct Tested {
    pub result: String,
    pub model_name: String,
    pub duration_ms: i64,
    /// Both ways; 0 when the model did not say.
    pub tokens_used: u64,
}

impl Prompt {
    pub fn is_system(&self) -> bool {
        self.system_key.is_some()
    }

    /// `own`, or the usual ones, of a prompt for reviews.
    fn shown(&self, own: &Option<Vec<String>>, usual: &[&str]) -> Option<Vec<String>> {
        (self.kind == Kind::Codeview).then(|| or_usual(own.clone(), usual))
    }

    pub fn entry(self) -> Entry {
        Entry {
            id: self.id,
            is_system: self.is_system(),
            categories: self.shown(&self.categories, &CATEGORIES),
            severities: self.shown(&self.severities, &SEVERITIES),
            name: self.name,
            description: self.description,
            kind: self.kind,
            scene: self.scene,
            language: self.language,
            target_type: self.target_type,
            locale: self.locale,
            model_id: self.model_id,
            model_name: self.model_name,
            owner: self.owner,
            version: self.version,
            created_at: rfc3339(self.created_at),
            updated_at: rfc3339(self.updated_at),
        }
    }

    pub fn detail(self, variables: Vec<String>) -> Detail {
        Detail {
            id: self.id,
            is_system: self.is_system(),
            categories: self.shown(&self.categories, &CATEGORIES),
            severities: self.shown(&self.severities, &SEVERITIES),
            name: self.name,
            description: self.description,
            kind: self.kind,
            scene: self.scene,
            language: self.language,
            target_type: self.target_type,
            locale: self.locale,
            content: self.content,
            model_id: self.model_id,
            model_name: self.model_name,
            owner: self.owner,
            variables,
            version: self.version,
            usage_count: self.usage_count,
            created_at: rfc3339(self.created_at),
            updated_at: rfc3339(self.updated_at),
        }
    }
}
