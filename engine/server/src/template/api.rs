//! `/api/v1/templates`.

pub mod reference;
pub mod version;

use super::{
    Template,
    form::{self, ChangedFields, NewFields, NewTemplate},
    render, store,
    types::{Detail, Entry, STATUSES},
};
use crate::{
    app::App,
    auth::{CurrentUser, access::Verb},
    http::{
        Answer, ApiError, Listed, Reply, code,
        envelope::{CREATED, DELETED, UPDATED},
        error::is_taken,
        extract::{Asked, Body, Form, FromForm, FromQuery, Id, Query},
    },
    log::operation::AuditEntry,
    owner::{self, Thing},
    push,
    user::User,
};
use axum::extract::State;
use push_notify_core::{
    i18n::Text,
    id::{TeamId, TemplateId, UserId},
};
use push_notify_db::{list::Filter, page::Page};
use push_notify_template::{self, SCENES, scene};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};
use sqlx::AnyConnection;

pub struct Listing {
    page: Page,
    filter: Filter,
}

impl FromQuery for Listing {
    fn read(query: &mut Query) -> Self {
        Self {
            page: query.page(&[
                ("created_at", "m.created_at"),
                ("updated_at", "m.updated_at"),
                ("name", "m.name"),
                ("id", "m.id"),
            ]),
            filter: Filter::default()
                .containing(
                    "LOWER(m.name) LIKE LOWER(?) ESCAPE '\\'",
                    query.text("keyword"),
                )
                .and("m.type = ?", query.text("type"))
                .and("m.owner_id = ?", query.id::<UserId>("owner_id"))
                .and("m.team_id = ?", query.id::<TeamId>("team_id"))
                .and("m.scene = ?", query.choice("scene", &SCENES))
                .and("m.status = ?", query.choice("status", &STATUSES)),
        }
    }
}

/// The body of `POST /templates/preview`: a template, texts that are not saved yet, or both. What
/// its data does not say is made up.
pub struct Preview {
    template_id: Option<TemplateId>,
    scene: Option<&'static str>,
    title: Option<String>,
    content: Option<String>,
    data: Map<String, Value>,
}

impl FromForm for Preview {
    const EXAMPLE: &'static str = r#"{"template_id": 1, "data": {"RepoName": "backend", "CommitMsg": "feat: log in by mail"}}"#;

    fn read(form: &mut Form) -> Self {
        form.require("data");
        let template_id = form.id("template_id");
        if template_id.is_none() && !form.is_given("template_id") {
            for name in ["scene", "content"] {
                if !form.is_given(name) {
                    let problem = Text::new(
                        "在没有template_id时不能为空",
                        "must not be empty without a template_id",
                    );
                    form.refuse(name, &problem);
                }
            }
        }
        Self {
            template_id,
            scene: form.choice("scene", &SCENES),
            title: form.line("title", 500),
            content: form::content(form),
            data: form.object("data").unwrap_or_default(),
        }
    }
}

/// The body of `PUT /templates/{id}/status`.
pub struct Switch {
    status: &'static str,
}

impl FromForm for Switch {
    const EXAMPLE: &'static str = r#"{"status": "inactive"}"#;

    fn read(form: &mut Form) -> Self {
        form.require("status");
        Self {
            status: form.choice("status", &STATUSES).unwrap_or_default(),
        }
    }
}

/// A rendered message.
#[derive(Serialize, JsonSchema)]
pub struct Previewed {
    title: String,
    body: String,
}

/// `GET /templates`
pub async fn list(
    State(app): State<App>,
    user: CurrentUser,
    Asked(Listing { page, filter }): Asked<Listing>,
) -> Answer<Listed<Entry>> {
    let filter = filter.and(owner::store::TEMPLATES, user.sight(&app).only());
    let (templates, total) = store::list(app.db.read(), filter, &page).await?;
    let entries: Vec<_> = templates.into_iter().map(Template::entry).collect();
    Reply::page(entries, &page, total)
}

/// `GET /templates/{id}`
pub async fn show(State(app): State<App>, Id(id): Id<TemplateId>) -> Answer<Detail> {
    let template = get(&app, id).await?;
    Reply::data(detail(&app, &template).await?)
}

/// `POST /templates`
pub async fn create(
    State(app): State<App>,
    user: CurrentUser,
    body: Body<NewFields>,
) -> Answer<Detail> {
    let new = NewTemplate::parse(&app, body).await?;
    if new.is_default == Some(true) {
        defaults_are_administrators(&user)?;
    }
    let owner = new.wish.of_new(&app, &user).await?;
    let mut transaction = app.db.begin().await?;
    let has_default = store::has_default(&mut transaction, new.kind(), new.scene()).await?;
    let is_default = new.is_default.unwrap_or(!has_default && user.is_admin());
    if is_default && has_default {
        let now = app.clock.now_us();
        store::clear_default(&mut transaction, new.kind(), new.scene(), now).await?;
    }
    let id = app.db.next_id(&mut transaction).await?;
    let template = new.into_template(&app, id, is_default, owner);
    if !store::insert(&mut transaction, &template, &user.username).await? {
        return Err(conflict(&mut transaction, &template).await?);
    }
    let audit = AuditEntry::new("template.create", id, &template.name);
    user.record(&app, &mut transaction, audit).await?;
    transaction.commit().await?;
    app.changed();
    Reply::say(CREATED, detail(&app, &template).await?)
}

/// `PUT /templates/{id}`
pub async fn update(
    State(app): State<App>,
    user: CurrentUser,
    Id(id): Id<TemplateId>,
    body: Body<ChangedFields>,
) -> Answer<Detail> {
    let was = get(&app, id).await?;
    let (mut template, wish) = form::change(&was, body).await?;
    if template.is_default != was.is_default {
        defaults_are_administrators(&user)?;
    }
    template.owner = wish.of_old(&app, &user, template.owner).await?;
    let given = owner::given(was.owner.as_ref(), template.owner.as_ref());
    let audit = AuditEntry::new("template.update", id, &was.name).with(&given);
    Reply::say(UPDATED, change(&app, &user, &was, template, audit).await?)
}

/// `PUT /templates/{id}/status`
pub async fn switch(
    State(app): State<App>,
    user: CurrentUser,
    Id(id): Id<TemplateId>,
    body: Body<Switch>,
) -> Answer<Detail> {
    let Switch { status } = body.checked()?;
    let was = get(&app, id).await?;
    let template = Template {
        status: status.to_owned(),
        ..was.clone()
    };
    form::check_default(&was, &template)?;
    let audit = AuditEntry::new("template.status", id, &was.name).with(status);
    Reply::say(UPDATED, change(&app, &user, &was, template, audit).await?)
}

/// `DELETE /templates/{id}`
pub async fn delete(
    State(app): State<App>,
    user: CurrentUser,
    Id(id): Id<TemplateId>,
) -> Answer<()> {
    let template = get(&app, id).await?;
    if template.is_default {
        return Err((&code::TEMPLATE_IS_DEFAULT).into());
    }
    let mut transaction = app.db.begin().await?;
    if !store::delete(&mut transaction, &template, app.clock.now_us()).await? {
        return Err(ApiError::changed_meanwhile());
    }
    let audit = AuditEntry::new("template.delete", id, &template.name);
    user.record(&app, &mut transaction, audit).await?;
    transaction.commit().await?;
    app.changed();
    Reply::say(DELETED, ())
}

/// `POST /templates/preview`
pub async fn preview(
    State(app): State<App>,
    user: CurrentUser,
    body: Body<Preview>,
) -> Answer<Previewed> {
    let asked = body.checked()?;
    let is_unsaved = asked.title.is_some() || asked.content.is_some();
    let (scene, title, content) = match asked.template_id {
        Some(id) => {
            owner::permit(&app, &user, Thing::Template, &[id.get()], Verb::Read).await?;
            let template = get(&app, id).await?;
            (template.scene, template.title, template.content)
        }
        None => Default::default(),
    };
    let scene = asked.scene.map_or(scene, str::to_owned);
    let title = asked.title.unwrap_or(title);
    let content = asked.content.unwrap_or(content);
    let data = scene::made_up(&scene, asked.data);
    let compiled = form::compile(&scene, title, content).await?;
    let compiled = match is_unsaved {
        true => compiled.and_then(push_notify_template::Template::known),
        false => compiled,
    };
    let rendered = render::render(compiled, data).await?;
    Reply::data(Previewed {
        title: rendered.title,
        body: rendered.body,
    })
}

/// Everybody's messages are made with them.
fn defaults_are_administrators(user: &User) -> Result<(), ApiError> {
    if user.is_admin() {
        return Ok(());
    }
    let problem = Text::new(
        "只有管理员可以设置",
        "can be set by administrators only: everybody's messages are made with the default",
    );
    Err(ApiError::forbidden().with(vec![Text::of_field("is_default", &problem)]))
}

/// Makes what was read as `was` what `template` says, with a new version if that has another
/// number.
async fn change(
    app: &App,
    user: &CurrentUser,
    was: &Template,
    template: Template,
    audit: AuditEntry<'_>,
) -> Result<Detail, ApiError> {
    let now = app.clock.now_us();
    let mut transaction = app.db.begin().await?;
    if template.is_default && !was.is_default {
        store::clear_default(&mut transaction, &template.kind, &template.scene, now).await?;
    }
    match store::update(&mut transaction, &template, now).await {
        Ok(true) => {}
        Ok(false) => return Err(ApiError::changed_meanwhile()),
        Err(error) => {
            drop(transaction);
            return Err(match is_taken(&error) {
                true => conflict(&mut *app.db.writer().await?, &template).await?,
                false => error.into(),
            });
        }
    }
    if template.version != was.version {
        store::insert_version(&mut transaction, &template, &user.username, now).await?;
    }
    user.record(app, &mut transaction, audit).await?;
    transaction.commit().await?;
    app.changed();
    detail(app, &get(app, template.id).await?).await
}

/// Which of the unique indexes stands against `template`. On PostgreSQL somebody else may have made
/// another default just now.
async fn conflict(
    connection: &mut AnyConnection,
    template: &Template,
) -> Result<ApiError, sqlx::Error> {
    Ok(match store::is_name_taken(connection, template).await? {
        true => (&code::TEMPLATE_NAME_TAKEN).into(),
        false => ApiError::changed_meanwhile(),
    })
}

async fn get(app: &App, id: TemplateId) -> Result<Template, ApiError> {
    let template = store::find(app.db.read(), id).await?;
    template.ok_or_else(ApiError::not_found)
}

async fn detail(app: &App, template: &Template) -> Result<Detail, ApiError> {
    let (title, content) = (template.title.clone(), template.content.clone());
    let compiled = form::compile(&template.scene, title, content).await?;
    let variables = compiled
        .map(|compiled| compiled.variables())
        .unwrap_or_default();
    let pushes = push::store::stats_of_template(app.db.read(), template.id).await?;
    Ok(template.detail(variables, pushes.total))
}
