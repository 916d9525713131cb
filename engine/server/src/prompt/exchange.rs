//! Prompts as files: one JSON document each.

use super::{Kind, Prompt, form::NewFields};
use crate::http::{
    ApiError,
    extract::{Form, FromForm, without_bom},
};
use push_notify_core::i18n::Text;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

const FORMAT: &str = "push-notify-prompt";
const VERSION: i64 = 1;

/// A prompt on its way to another server, or back to this one.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "PromptDocument")]
pub struct Document {
    format: &'static str,
    /// Of the format.
    version: i64,
    prompt: Exported,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "PromptExported")]
pub struct Exported {
    name: String,
    description: Option<String>,
    #[serde(rename = "type")]
    kind: Kind,
    scene: Option<String>,
    language: Option<String>,
    target_type: Option<String>,
    locale: Option<String>,
    content: String,
    /// Null: the usual ones.
    categories: Option<Vec<String>>,
    severities: Option<Vec<String>>,
    /// The model's name: ids mean nothing elsewhere.
    model: Option<String>,
}

impl Document {
    pub(super) fn of(prompt: Prompt) -> Self {
        Self {
            format: FORMAT,
            version: VERSION,
            prompt: Exported {
                name: prompt.name,
                description: prompt.description,
                kind: prompt.kind,
                scene: prompt.scene,
                language: prompt.language,
                target_type: prompt.target_type,
                locale: prompt.locale,
                content: prompt.content,
                categories: prompt.categories,
                severities: prompt.severities,
                model: prompt.model_name,
            },
        }
    }
}

/// What a document says: the fields of a new prompt, with the name of its model.
pub(super) struct Imported {
    pub(super) fields: NewFields,
    pub(super) model: Option<String>,
    pub(super) form: Form,
}

/// Reads a document. Fails with 400 when it is not JSON, with 422 when it is something else than a
/// prompt.
pub(super) fn read(file: &[u8]) -> Result<Imported, ApiError> {
    let document = match serde_json::from_slice(without_bom(file)) {
        Ok(Value::Object(document)) => document,
        Ok(_) => {
            return Err(malformed(
                "必须是JSON对象",
                "must be a JSON object".to_owned(),
            ));
        }
        Err(error) => {
            let (line, column) = (error.line(), error.column());
            let problem = format!("is not valid JSON (line {line}, column {column})");
            return Err(malformed("不是有效的JSON", problem));
        }
    };
    let mut outer = Form::from(document);
    for name in ["format", "version", "prompt"] {
        outer.require(name);
    }
    outer.choice("format", &[FORMAT]);
    outer.whole("version", VERSION, VERSION);
    let prompt = outer.object("prompt").unwrap_or_default();
    outer.finish()?;
    let mut form = Form::from(prompt);
    let fields = NewFields::read(&mut form);
    let model = form.optional_line("model", 100);
    Ok(Imported {
        fields,
        model,
        form,
    })
}

fn malformed(zh: &'static str, en: String) -> ApiError {
    let problem = Text::made(zh.to_owned(), en);
    ApiError::malformed(vec![Text::of_field("file", &problem)])
}
