//! What is done to many pushes at once. What cannot be done to one of them does not keep it from
//! the others.

use super::retry_one;
use crate::{
    app::App,
    auth::{CurrentUser, access::Verb},
    http::{
        AcceptLanguage, Answer, ApiError, Reply,
        extract::{Body, Form, FromForm},
    },
    owner::{self, Thing},
};
use axum::extract::State;
use push_notify_core::{
    i18n::{Locale, Text},
    id::PushId,
};
use schemars::JsonSchema;
use serde::Serialize;

#[derive(Serialize, JsonSchema)]
pub struct Batch {
    total: usize,
    success: usize,
    failed: usize,
    /// Of the pushes that were named, in ascending order.
    results: Vec<Outcome>,
    /// More pushes are older than the date than one request deletes: the same again deletes the
    /// next ones.
    #[serde(skip_serializing_if = "Option::is_none")]
    more: Option<bool>,
}

#[derive(Serialize, JsonSchema)]
pub struct Outcome {
    push_id: PushId,
    status: Ending,
    #[serde(skip_serializing_if = "Option::is_none")]
    new_push_id: Option<PushId>,
    /// Why not, as a request about this push alone would be answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
}

#[derive(Serialize, JsonSchema, PartialEq)]
#[serde(rename_all = "lowercase")]
enum Ending {
    Success,
    Failed,
}

pub struct Retries {
    push_ids: Vec<PushId>,
}

impl FromForm for Retries {
    const EXAMPLE: &'static str = r#"{"push_ids": [1001, 1002]}"#;

    fn read(form: &mut Form) -> Self {
        Self {
            push_ids: form.required_ids("push_ids"),
        }
    }
}

/// `POST /pushes/batch-retry`
pub async fn retry_many(
    State(app): State<App>,
    user: CurrentUser,
    AcceptLanguage(locale): AcceptLanguage,
    body: Body<Retries>,
) -> Answer<Batch> {
    let push_ids = body.checked()?.push_ids;
    let mut results = Vec::with_capacity(push_ids.len());
    let mut broken = None;
    for push_id in push_ids {
        results.push(match retry_own(&app, &user, push_id).await {
            Ok(new_push_id) => Outcome {
                new_push_id: Some(new_push_id),
                ..Outcome::success(push_id)
            },
            Err(error) => {
                let outcome = Outcome::failed(push_id, &error, locale);
                broken = Some(error)
                    .filter(|error| error.status.is_server_error())
                    .or(broken);
                outcome
            }
        });
    }
    app.pushes_due();
    let message = Text::new("批量重试任务已创建", "Retries were created");
    Batch::of(results).answer(message, broken, &user)
}

/// As the path of one push would let the user in.
async fn retry_own(app: &App, user: &CurrentUser, push_id: PushId) -> Result<PushId, ApiError> {
    owner::permit(app, user, Thing::Push, &[push_id.get()], Verb::Write).await?;
    retry_one(app, user, push_id).await
}

impl Batch {
    /// What broke on the way is the answer only where nothing was done.
    pub(super) fn answer(
        self,
        message: Text,
        broken: Option<ApiError>,
        user: &CurrentUser,
    ) -> Answer<Self> {
        match broken {
            Some(error) if self.success == 0 => return Err(error),
            Some(error) => tracing::error!(
                request.id = user.request_id.as_str(),
                error = error.cause(),
                "a batch was done in part"
            ),
            None => {}
        }
        Reply::say(message, self)
    }

    /// So many that nobody named were dealt with.
    pub(super) fn unnamed(count: usize, more: bool) -> Self {
        Self {
            total: count,
            success: count,
            failed: 0,
            results: Vec::new(),
            more: more.then_some(true),
        }
    }

    pub(super) fn of(results: Vec<Outcome>) -> Self {
        let success = results.iter().filter(|one| one.status == Ending::Success);
        let success = success.count();
        Self {
            total: results.len(),
            success,
            failed: results.len() - success,
            results,
            more: None,
        }
    }
}

impl Outcome {
    pub(super) fn success(push_id: PushId) -> Self {
        Self {
            push_id,
            status: Ending::Success,
            new_push_id: None,
            code: None,
            message: None,
        }
    }

    pub(super) fn failed(push_id: PushId, error: &ApiError, locale: Locale) -> Self {
        Self {
            status: Ending::Failed,
            code: Some(error.code),
            message: Some(error.message.as_str(locale).to_owned()),
            ..Self::success(push_id)
        }
    }
}
