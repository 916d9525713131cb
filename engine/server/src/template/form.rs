//! What the body of `POST /templates` says.

use super::{
    SCENES, Template,
    engine::{self, TemplateError},
};
use crate::{
    app::App,
    http::{
        ApiError, Text, code,
        extract::{Body, Form, FromForm},
    },
    plugin,
};
use push_notify_manifest::Kind;

/// Longest content, in characters.
const LONGEST: usize = 65_536;

/// The body of `POST /templates`.
pub struct NewFields {
    name: String,
    kind: String,
    scene: Option<&'static str>,
    title: String,
    content: Option<String>,
    remark: Option<String>,
    is_default: Option<bool>,
}

impl FromForm for NewFields {
    const EXAMPLE: &'static str = r###"{
        "name": "commit notice",
        "type": "dingtalk",
        "scene": "commit_notify",
        "title": "{{.RepoName}}: new commits",
        "content": "## {{.RepoName}}\n\n{{.Author}}: {{.CommitMsg}}\n{{range .ChangedFiles}}- {{.}}\n{{end}}",
        "remark": "for commits"
    }"###;

    fn read(form: &mut Form) -> Self {
        form.require("scene");
        Self {
            name: form.required_line("name", 100),
            kind: form.required_line("type", 32),
            scene: form.choice("scene", &SCENES),
            title: form.required_line("title", 500),
            content: required_content(form),
            remark: form.prose("remark", 500),
            is_default: form.boolean("is_default"),
        }
    }
}

/// The content, which has a business code of its own for being empty.
fn required_content(form: &mut Form) -> Option<String> {
    form.expect("content");
    let content = form.prose("content", LONGEST);
    let blank = |content: &String| content.trim().is_empty();
    if !form.is_given("content") || content.as_ref().is_some_and(blank) {
        let problem = Text::new("不能为空", "must not be empty");
        form.refuse_as(&code::TEMPLATE_EMPTY, "content", &problem);
    }
    content
}

/// A template that is to be made.
pub(super) struct NewTemplate {
    name: String,
    kind: String,
    scene: String,
    title: String,
    content: String,
    remark: Option<String>,
    /// None: when its channel and scene have no default yet.
    pub(super) is_default: Option<bool>,
}

impl NewTemplate {
    pub(super) async fn parse(app: &App, body: Body<NewFields>) -> Result<Self, ApiError> {
        let (fields, mut form) = body.parts();
        let (kind, title) = (fields.kind, fields.title);
        if !kind.is_empty() && app.host.manifest(Kind::Channel, &kind).is_none() {
            form.refuse("type", &plugin::unknown_type(&app.host, Kind::Channel));
        }
        let content = fields.content.unwrap_or_default();
        if !content.is_empty()
            && !title.is_empty()
            && let Err(error) = compile(title.clone(), content.clone()).await?
        {
            form.refuse(&error.part.to_string(), &problem(&error));
        }
        form.finish()?;
        Ok(Self {
            name: fields.name,
            kind,
            scene: fields.scene.unwrap_or_default().to_owned(),
            title,
            content,
            remark: fields.remark,
            is_default: fields.is_default,
        })
    }

    pub(super) fn into_template(self, app: &App, id: i64, is_default: bool) -> Template {
        let now = app.clock.now_us();
        Template {
            id,
            name: self.name,
            kind: self.kind,
            scene: self.scene,
            title: self.title,
            content: self.content,
            remark: self.remark,
            is_default,
            status: "active".to_owned(),
            version: 1,
            created_at: now,
            updated_at: now,
        }
    }

    pub(super) fn kind(&self) -> &str {
        &self.kind
    }

    pub(super) fn scene(&self) -> &str {
        &self.scene
    }
}

/// Parses a template beside the async threads: one may take a second.
pub(super) async fn compile(
    title: String,
    content: String,
) -> Result<Result<engine::Template, TemplateError>, ApiError> {
    tokio::task::spawn_blocking(move || engine::Template::parse(&title, &content))
        .await
        .map_err(ApiError::internal)
}

/// What the engine says about a template, to follow the part's name.
pub(super) fn problem(error: &TemplateError) -> Text {
    let message = &error.message;
    match error.line {
        Some(line) => Text::made(
            format!("第{line}行：{message}"),
            format!("line {line}: {message}"),
        ),
        None => Text::made(
            format!("：{message}"),
            format!("is not a template: {message}"),
        ),
    }
}
