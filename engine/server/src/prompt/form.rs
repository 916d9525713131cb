//! What the bodies of `POST` and `PUT /prompts` say.

use super::{
    Kind, Prompt,
    labels::{self, Labels},
    name,
    types::LOCALES,
};
use crate::{
    app::App,
    http::{
        ApiError, code,
        extract::{Body, Form, FromForm},
    },
    owner::Wish,
    plugin, template,
};
use push_notify_core::{
    i18n::Text,
    id::{ModelId, PromptId},
};
use push_notify_manifest::Kind as PluginKind;
use push_notify_template::{Template, TemplateError};

/// Longest content, in characters.
const LONGEST: usize = 65_536;

/// The body of `POST /prompts`.
pub struct NewFields {
    name: String,
    description: Option<String>,
    kind: Option<&'static str>,
    scene: Option<String>,
    language: Option<String>,
    target_type: Option<String>,
    locale: Option<&'static str>,
    content: Option<String>,
    labels: Labels,
    model_id: Option<ModelId>,
    wish: Wish,
}

impl FromForm for NewFields {
    const EXAMPLE: &'static str = r#"{
        "name": "Go style",
        "description": "For services in Go",
        "type": "codeview",
        "scene": "code_style",
        "language": "go",
        "locale": "en-US",
        "categories": ["STYLE", "MAINTAINABILITY"],
        "severities": ["MEDIUM", "LOW"],
        "content": "Review this file.\n\nName: {{.FileName}}\n\n{{.FileContent}}"
    }"#;

    fn read(form: &mut Form) -> Self {
        form.require("type");
        form.require("content");
        Self {
            name: form.required_line("name", name::LONGEST),
            description: form.optional_line("description", 500),
            kind: form.choice("type", &Kind::NAMES),
            scene: form.optional_line("scene", 50),
            language: form.optional_line("language", 50),
            target_type: form.optional_line("target_type", 32),
            locale: form.choice("locale", &LOCALES),
            content: form.prose("content", LONGEST),
            labels: Labels::read(form),
            model_id: form.id("model_id"),
            wish: Wish::read(form),
        }
    }
}

/// The body of `PUT /prompts/{id}`.
pub struct ChangedFields {
    name: Option<String>,
    description: Option<String>,
    kind: Option<&'static str>,
    scene: Option<String>,
    language: Option<String>,
    target_type: Option<String>,
    locale: Option<&'static str>,
    content: Option<String>,
    labels: Labels,
    model_id: Option<ModelId>,
    wish: Wish,
}

impl FromForm for ChangedFields {
    const EXAMPLE: &'static str = r#"{"name": "Go review", "content": "Review: {{.DiffContent}}"}"#;

    fn read(form: &mut Form) -> Self {
        Self {
            name: form.line("name", name::LONGEST),
            description: form.optional_line("description", 500),
            kind: form.choice("type", &Kind::NAMES),
            scene: form.optional_line("scene", 50),
            language: form.optional_line("language", 50),
            target_type: form.optional_line("target_type", 32),
            locale: form.choice("locale", &LOCALES),
            content: form.prose("content", LONGEST),
            labels: Labels::read(form),
            model_id: form.id("model_id"),
            wish: Wish::read(form),
        }
    }
}

/// The prompt that a sound form describes, without an id and an owner.
pub(super) async fn new(
    app: &App,
    fields: NewFields,
    mut form: Form,
) -> Result<(Prompt, Wish), ApiError> {
    let now = app.clock.now_us();
    let prompt = Prompt {
        id: PromptId::default(),
        name: fields.name,
        description: fields.description,
        kind: fields.kind.map_or(Kind::Codeview, Kind::from_stored),
        scene: fields.scene,
        language: fields.language,
        target_type: fields.target_type,
        locale: fields.locale.map(str::to_owned),
        system_key: None,
        content: fields.content.unwrap_or_default(),
        categories: fields.labels.categories,
        severities: fields.labels.severities,
        model_id: fields.model_id,
        model_name: None,
        owner: None,
        version: 1,
        usage_count: 0,
        created_at: now,
        updated_at: now,
    };
    // Without a type there is nothing that the rest could be held against.
    if fields.kind.is_some() {
        check_target_type(app, &mut form, &prompt);
        labels::check(&mut form, prompt.kind);
        if form.is_given("content") {
            check_content(&mut form, prompt.kind, &prompt.content).await?;
        }
    }
    form.finish()?;
    Ok((prompt, fields.wish))
}

/// What the body makes of `prompt`, but for its owner. Fields that it does not name stay; `null`
/// removes an optional one. Another content is a new version.
pub(super) async fn change(
    app: &App,
    body: Body<ChangedFields>,
    mut prompt: Prompt,
) -> Result<(Prompt, Wish), ApiError> {
    let (fields, mut form) = body.parts();
    if fields.kind.is_some_and(|kind| kind != prompt.kind.name()) {
        let problem = Text::new("不能更改", "cannot be changed: make a new prompt");
        form.refuse("type", &problem);
    }
    prompt.name = fields.name.unwrap_or(prompt.name);
    if form.has("description") {
        prompt.description = fields.description;
    }
    if form.has("scene") {
        prompt.scene = fields.scene;
    }
    if form.has("language") {
        prompt.language = fields.language;
    }
    if form.has("target_type") {
        prompt.target_type = fields.target_type;
        check_target_type(app, &mut form, &prompt);
    }
    if form.has("locale") {
        prompt.locale = fields.locale.map(str::to_owned);
    }
    labels::check(&mut form, prompt.kind);
    if form.has("categories") {
        prompt.categories = fields.labels.categories;
    }
    if form.has("severities") {
        prompt.severities = fields.labels.severities;
    }
    if form.has("model_id") {
        prompt.model_id = fields.model_id;
    }
    if let Some(content) = fields.content.filter(|content| *content != prompt.content) {
        check_content(&mut form, prompt.kind, &content).await?;
        prompt.content = content;
        prompt.version += 1;
    }
    form.finish()?;
    Ok((prompt, fields.wish))
}

/// Parses a text beside the async threads.
pub(super) async fn compile(
    kind: Kind,
    content: String,
) -> Result<Result<Template, TemplateError>, ApiError> {
    tokio::task::spawn_blocking(move || kind.parse(&content))
        .await
        .map_err(ApiError::internal)
}

fn check_target_type(app: &App, form: &mut Form, prompt: &Prompt) {
    match (prompt.kind, prompt.target_type.as_deref()) {
        (Kind::Message, None) => {
            let problem = Text::new(
                "在type为message时不能为空",
                "must not be empty when type is message",
            );
            form.refuse("target_type", &problem);
        }
        (Kind::Message, Some(channel)) => {
            if app.host.manifest(PluginKind::Channel, channel).is_none() {
                let problem = plugin::unknown_type(&app.host, PluginKind::Channel);
                form.refuse("target_type", &problem);
            }
        }
        (Kind::Codeview, Some(_)) => {
            let problem = Text::new(
                "只能在type为message时填写",
                "is for prompts of type message only",
            );
            form.refuse("target_type", &problem);
        }
        (Kind::Codeview, None) => {}
    }
}

async fn check_content(form: &mut Form, kind: Kind, content: &str) -> Result<(), ApiError> {
    if content.trim().is_empty() {
        form.refuse("content", &Text::new("不能为空", "must not be empty"));
        return Ok(());
    }
    let used = match compile(kind, content.to_owned()).await? {
        Ok(template) => template.variables(),
        Err(error) => {
            form.refuse("content", &template::problem(&error));
            return Ok(());
        }
    };
    let unknown = used
        .iter()
        .filter(|name| !kind.variables().contains(&name.as_str()));
    let unknown: Vec<&str> = unknown.map(String::as_str).collect();
    if !unknown.is_empty() {
        let (unknown, known) = (listed(&unknown), listed(kind.variables()));
        let problem = Text::made(
            format!("使用了未知变量：{unknown}；可用变量：{known}"),
            format!("uses unknown variables: {unknown}; there are: {known}"),
        );
        form.refuse("content", &problem);
    }
    if !kind
        .needed()
        .iter()
        .any(|name| used.iter().any(|used| used == name))
    {
        let needed = listed(kind.needed());
        let problem = Text::made(
            format!("必须至少包含以下变量之一：{needed}"),
            format!("must hold at least one of the variables {needed}"),
        );
        form.refuse_as(&code::PROMPT_VARIABLES_MISSING, "content", &problem);
    }
    Ok(())
}

/// `{{.A}}, {{.B}}`
fn listed(names: &[&str]) -> String {
    let names: Vec<String> = names
        .iter()
        .map(|name| format!("{{{{.{name}}}}}"))
        .collect();
    names.join(", ")
}
