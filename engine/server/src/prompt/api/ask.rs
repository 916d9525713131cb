//! Asking a model with a prompt, to see what it makes of it.

use super::get;
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
    model::{
        self,
        call::{self, CallContext},
    },
    prompt::{Prompt, form, store, types::Tested},
    template,
};
use axum::extract::State;
use push_notify_core::{i18n::Text, id::PromptId};
use push_notify_host::{AiRequest, Role, Turn};
use serde_json::{Map, Value};

/// The body of `POST /prompts/{id}/test`.
pub struct Trial {
    test_data: Map<String, Value>,
}

impl FromForm for Trial {
    const EXAMPLE: &'static str = r#"{
        "test_data": { "FileName": "main.go", "FileContent": "package main\n\nfunc main() {}\n", "Language": "go" }
    }"#;

    fn read(form: &mut Form) -> Self {
        form.require("test_data");
        Self {
            test_data: form.object("test_data").unwrap_or_default(),
        }
    }
}

/// `POST /prompts/{id}/test`. What `test_data` does not name comes from made-up data. Asking costs
/// money: a key needs the scope for models too.
pub async fn test(
    State(app): State<App>,
    user: CurrentUser,
    Id(id): Id<PromptId>,
    body: Body<Trial>,
) -> Answer<Tested> {
    let Trial { test_data } = body.checked()?;
    user.needs(Scope(Noun::Models, Verb::Write))?;
    let prompt = get(&app, id).await?;
    let usable = model::store::usable(app.db.read(), prompt.model_id).await?;
    let Some(model) = usable else {
        let problem = Text::new(
            "没有可用的模型：请先添加一个启用的模型",
            "has no model to ask: add one that is active first",
        );
        let error = ApiError::invalid_field("model_id", &problem);
        return Err(error.as_known(&code::MODEL_NOT_FOUND));
    };
    let text = render(&prompt, test_data).await?;
    let request = AiRequest {
        turns: vec![Turn {
            role: Role::User,
            text,
        }],
        json: false,
        schema: None,
        max_tokens: None,
    };
    let context = CallContext {
        purpose: "prompt_test",
        request_id: Some(user.request_id.as_str().to_owned()),
        ..CallContext::default()
    };
    let called = call::complete(&app, &model, request, context).await?;
    let mut transaction = app.db.begin().await?;
    store::count_use(&mut transaction, id).await?;
    let audit = AuditEntry::new("prompt.test", id, &prompt.name);
    user.record(&app, &mut transaction, audit).await?;
    transaction.commit().await?;
    let answer = called
        .answer
        .map_err(|problem| ApiError::from(&code::AI_CALL_FAILED).with_detail(problem.reason()))?;
    let usage = answer.usage;
    Reply::data(Tested {
        result: answer.text,
        model_name: model.name,
        duration_ms: called.duration_ms,
        tokens_used: usage.map_or(0, |usage| {
            usage.input_tokens.saturating_add(usage.output_tokens)
        }),
    })
}

async fn render(prompt: &Prompt, test_data: Map<String, Value>) -> Result<String, ApiError> {
    let refused = |error| ApiError::invalid_field("test_data", &template::problem(&error));
    let compiled = form::compile(prompt.kind, prompt.content.clone()).await?;
    let compiled = compiled.map_err(refused)?;
    let mut data = prompt.kind.sample();
    data.extend(test_data);
    let rendered = tokio::task::spawn_blocking(move || compiled.render(&data.into()))
        .await
        .map_err(ApiError::internal)?;
    Ok(rendered.map_err(refused)?.body)
}
