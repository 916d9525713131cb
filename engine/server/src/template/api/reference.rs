//! `/api/v1/templates/reference`: the language of templates.

use crate::http::{AcceptLanguage, Answer, Reply};
use push_notify_core::i18n::Locale;
use push_notify_template::{
    SCENES,
    reference::{self, FUNCTIONS},
};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

/// What a template can name.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "TemplateReference")]
pub struct Shown {
    functions: Vec<Function>,
    scenes: Vec<Scene>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "TemplateFunction")]
struct Function {
    name: &'static str,
    /// How it is called.
    usage: &'static str,
    description: &'static str,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "TemplateScene")]
struct Scene {
    scene: &'static str,
    variables: Vec<Variable>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "TemplateVariable")]
struct Variable {
    /// `MergeRequest.Title`; of the elements of a list, `Commits[].Id`.
    name: String,
    description: &'static str,
    /// As in previews.
    example: Value,
}

/// `GET /templates/reference`
pub async fn show(AcceptLanguage(locale): AcceptLanguage) -> Answer<Shown> {
    let said = |en, zh| match locale {
        Locale::English => en,
        Locale::Chinese => zh,
    };
    let functions = FUNCTIONS.iter().map(|function| Function {
        name: function.name,
        usage: function.usage,
        description: said(function.en, function.zh),
    });
    let scenes = SCENES.map(|scene| Scene {
        scene,
        variables: reference::variables(scene)
            .into_iter()
            .map(|variable| Variable {
                name: variable.path,
                description: said(variable.en, variable.zh),
                example: variable.sample,
            })
            .collect(),
    });
    Reply::data(Shown {
        functions: functions.collect(),
        scenes: scenes.into(),
    })
}
