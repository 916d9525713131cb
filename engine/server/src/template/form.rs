//! What the bodies of `POST` and `PUT /templates` say.

use super::{Template, types::STATUSES};
use crate::{
    app::App,
    http::{
        ApiError, code,
        extract::{Body, Form, FromForm},
    },
    owner::{Owner, Wish},
    plugin,
};
use push_notify_core::{i18n::Text, id::TemplateId};
use push_notify_manifest::Kind;
use push_notify_template::{self, SCENES, TemplateError, scene};

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
    wish: Wish,
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
            wish: Wish::read(form),
        }
    }
}

/// The body of `PUT /templates/{id}`.
pub struct ChangedFields {
    name: Option<String>,
    kind: Option<String>,
    scene: Option<&'static str>,
    title: Option<String>,
    content: Option<String>,
    remark: Option<String>,
    status: Option<&'static str>,
    is_default: Option<bool>,
    wish: Wish,
}

impl FromForm for ChangedFields {
    const EXAMPLE: &'static str =
        r#"{"title": "{{.RepoName}}", "content": "{{.Author}}: {{.CommitMsg}}"}"#;

    fn read(form: &mut Form) -> Self {
        Self {
            name: form.line("name", 100),
            kind: form.line("type", 32),
            scene: form.choice("scene", &SCENES),
            title: form.line("title", 500),
            content: content(form),
            remark: form.prose("remark", 500),
            status: form.choice("status", &STATUSES),
            is_default: form.boolean("is_default"),
            wish: Wish::read(form),
        }
    }
}

/// The content, which has a business code of its own for being empty.
pub(super) fn content(form: &mut Form) -> Option<String> {
    let content = form.prose("content", LONGEST);
    if content
        .as_ref()
        .is_some_and(|content| content.trim().is_empty())
    {
        form.refuse_as(&code::TEMPLATE_EMPTY, "content", &EMPTY);
    }
    content
}

fn required_content(form: &mut Form) -> Option<String> {
    form.note_required("content");
    if !form.is_given("content") {
        form.refuse_as(&code::TEMPLATE_EMPTY, "content", &EMPTY);
    }
    content(form)
}

const EMPTY: Text = Text::new("不能为空", "must not be empty");

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
    pub(super) wish: Wish,
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
            && let Some(scene) = fields.scene
            && let Err(error) = compile(scene, title.clone(), content.clone())
                .await?
                .and_then(push_notify_template::Template::known)
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
            wish: fields.wish,
        })
    }

    pub(super) fn into_template(
        self,
        app: &App,
        id: TemplateId,
        is_default: bool,
        owner: Option<Owner>,
    ) -> Template {
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
            owner,
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

/// `was`, changed to what the body says, but for its owner. Fields that it does not name stay;
/// other texts are a new version.
pub(super) async fn change(
    was: &Template,
    body: Body<ChangedFields>,
) -> Result<(Template, Wish), ApiError> {
    let (fields, mut form) = body.parts();
    let fixed = Text::new("不能更改", "cannot be changed: make a new template");
    if fields.kind.is_some_and(|kind| kind != was.kind) {
        form.refuse("type", &fixed);
    }
    if fields.scene.is_some_and(|scene| scene != was.scene) {
        form.refuse("scene", &fixed);
    }
    let remark_given = form.has("remark");
    let mut template = was.clone();
    if let Some(name) = fields.name {
        template.name = name;
    }
    if let Some(title) = fields.title {
        template.title = title;
    }
    // One that is blank is refused already.
    if let Some(content) = fields.content.filter(|content| !content.trim().is_empty()) {
        template.content = content;
    }
    if remark_given {
        template.remark = fields.remark;
    }
    if let Some(status) = fields.status {
        template.status = status.to_owned();
    }
    if let Some(is_default) = fields.is_default {
        template.is_default = is_default;
    }
    if template.title != was.title || template.content != was.content {
        template.version += 1;
        let (title, content) = (template.title.clone(), template.content.clone());
        let compiled = compile(&template.scene, title, content).await?;
        if let Err(error) = compiled.and_then(push_notify_template::Template::known) {
            form.refuse(&error.part.to_string(), &problem(&error));
        }
    }
    form.finish()?;
    check_default(was, &template)?;
    Ok((template, fields.wish))
}

/// A default stays one, and active, until another takes its place.
pub(super) fn check_default(was: &Template, template: &Template) -> Result<(), ApiError> {
    if was.is_default && !template.is_active() {
        return Err(ApiError::conflict(Text::new(
            "默认模板不能停用，请先将其他模板设为默认",
            "The default template cannot be disabled: make another one the default first",
        )));
    }
    if was.is_default && !template.is_default {
        return Err(ApiError::conflict(Text::new(
            "不能取消默认模板，请将其他模板设为默认",
            "The default template stays the default until another one is made it",
        )));
    }
    if template.is_default && !template.is_active() {
        let problem = Text::new("只能用于启用的模板", "needs a template that is active");
        return Err(ApiError::invalid_field("is_default", &problem));
    }
    Ok(())
}

/// Parses a template beside the async threads: one may take a second.
pub(super) async fn compile(
    scene: &str,
    title: String,
    content: String,
) -> Result<Result<push_notify_template::Template, TemplateError>, ApiError> {
    let scene = scene.to_owned();
    tokio::task::spawn_blocking(move || scene::parse(&scene, &title, &content))
        .await
        .map_err(ApiError::internal)
}

/// What the engine says about a template, to follow the part's name.
pub fn problem(error: &TemplateError) -> Text {
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
