//! `POST /api/v1/targets/{id}/test` and `POST /api/v1/templates/{id}/test`.

use super::run::{self, Trial, Tried};
use crate::{
    app::App,
    auth::{
        CurrentUser,
        access::{Noun, Scope, Verb},
    },
    http::{
        Answer, ApiError, Reply, code,
        extract::{Body, Form, FromForm, Id},
    },
    log::operation::AuditEntry,
    owner::{self, Thing},
    push::Status,
    target::{self, no_such},
    template,
};
use axum::extract::State;
use push_notify_core::{
    i18n::Text,
    id::{TargetId, TemplateId},
};
use push_notify_template::SCENES;
use serde_json::{Map, Value};

/// The body of `POST /targets/{id}/test`.
pub struct OfTarget {
    template_id: Option<TemplateId>,
}

impl FromForm for OfTarget {
    const EXAMPLE: &'static str = r#"{"template_id": 1}"#;
    const OPTIONAL: bool = true;

    fn read(form: &mut Form) -> Self {
        Self {
            template_id: form.id("template_id"),
        }
    }
}

/// The body of `POST /templates/{id}/test`.
pub struct OfTemplate {
    target_id: TargetId,
    test_data: Map<String, Value>,
}

impl FromForm for OfTemplate {
    const EXAMPLE: &'static str = r#"{"target_id": 1, "test_data": {"RepoName": "backend", "CommitMsg": "feat: log in by mail"}}"#;

    fn read(form: &mut Form) -> Self {
        Self {
            target_id: form.required_id("target_id"),
            test_data: form.object("test_data").unwrap_or_default(),
        }
    }
}

/// `POST /targets/{id}/test`: with the template that is asked for, else the one that commit
/// messages are made with.
pub async fn of_target(
    State(app): State<App>,
    user: CurrentUser,
    Id(id): Id<TargetId>,
    body: Body<OfTarget>,
) -> Answer<Tried> {
    let OfTarget { template_id } = body.checked()?;
    let target = target::store::find(app.db.read(), id).await?;
    let target = target.ok_or(&code::TARGET_NOT_FOUND)?;
    let template = match template_id {
        Some(template_id) => {
            let found = match owner::sees(&app, &user, Thing::Template, template_id).await? {
                true => template::store::find(app.db.read(), template_id).await?,
                false => None,
            };
            found.ok_or_else(|| ApiError::invalid(vec![no_such("template_id", &[template_id])]))?
        }
        None => template::store::find_chosen(app.db.read(), &target.kind, SCENES[0])
            .await?
            .ok_or_else(no_template)?,
    };
    if template.kind != target.kind {
        return Err(other_type("template_id", &target.kind));
    }
    let audit = AuditEntry::new("target.test", id, &target.name);
    let trial = Trial {
        target: &target,
        template: &template,
        data: Map::new(),
    };
    answer(run::run(&app, &user, trial, audit).await?)
}

/// `POST /templates/{id}/test`: what `test_data` does not say is made up. It sends to a target: a
/// key needs the scope for that too.
pub async fn of_template(
    State(app): State<App>,
    user: CurrentUser,
    Id(id): Id<TemplateId>,
    body: Body<OfTemplate>,
) -> Answer<Tried> {
    let asked = body.checked()?;
    user.needs(Scope(Noun::Targets, Verb::Write))?;
    let template = template::store::find(app.db.read(), id).await?;
    let template = template.ok_or_else(ApiError::not_found)?;
    let target_id = [asked.target_id];
    owner::require_all(&app, &user, Thing::Target, &target_id, "target_id").await?;
    let target = target::store::find(app.db.read(), asked.target_id).await?;
    let target = target.ok_or_else(|| {
        let error = ApiError::invalid(vec![no_such("target_id", &[asked.target_id])]);
        error.as_known(&code::TARGET_NOT_FOUND)
    })?;
    if template.kind != target.kind {
        return Err(other_type("target_id", &template.kind));
    }
    let audit = AuditEntry::new("template.test", id, &template.name);
    let trial = Trial {
        target: &target,
        template: &template,
        data: asked.test_data,
    };
    answer(run::run(&app, &user, trial, audit).await?)
}

fn answer(tried: Tried) -> Answer<Tried> {
    let message = match tried.status {
        Status::Success => Text::new("测试消息已发送", "The test message was sent"),
        Status::Failed => Text::new("测试消息发送失败", "The test message could not be sent"),
        Status::Pending => Text::new("测试消息等待发送", "The test message waits to be sent"),
    };
    Reply::say(message, tried)
}

fn no_template() -> ApiError {
    ApiError::conflict(Text::new(
        "该类型没有启用的模板",
        "There is no active template of this type",
    ))
}

fn other_type(field: &str, kind: &str) -> ApiError {
    let problem = Text::made(
        format!("必须是{kind}类型"),
        format!("must be of type {kind}"),
    );
    ApiError::invalid_field(field, &problem)
}
