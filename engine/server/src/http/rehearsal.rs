//! `POST /api/v1/repos/{id}/test`.

use super::{Answer, ApiError, Reply, Text, auth::CurrentUser, code, extract::Id};
use crate::{
    app::App,
    log::operation::Deed,
    pipeline::{Outcome, Pipeline, Step},
    repo, target,
};
use axum::{Extension, extract::State};
use schemars::JsonSchema;
use serde::Serialize;

/// What a made-up delivery to the repository would come to. Nothing is sent.
#[derive(Serialize, JsonSchema)]
pub struct Rehearsed {
    request_id: String,
    /// success or failed.
    status: &'static str,
    response: Response,
    steps: Vec<Shown>,
}

/// What the Git host would be answered.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "RehearsedResponse")]
struct Response {
    code: u16,
    message: String,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "RehearsedStep")]
struct Shown {
    /// sample, receive, accept, render or channel.
    step: &'static str,
    /// Of render and channel.
    target_id: Option<i64>,
    target_name: Option<String>,
    /// success, failed or skipped.
    status: &'static str,
    detail: String,
    duration_ms: f64,
}

/// `POST /repos/{id}/test`: a delivery made from the provider's sample, signed with the repository's secret, goes down the
/// road up to each channel.
pub async fn rehearse(
    State(app): State<App>,
    user: CurrentUser,
    Extension(pipeline): Extension<Pipeline>,
    Id(id): Id,
) -> Answer<Rehearsed> {
    let repo = repo::store::find(app.db.read(), id).await?;
    let repo = repo.ok_or(&code::REPO_NOT_FOUND)?;
    let steps = pipeline.rehearse(id).await.map_err(ApiError::internal)?;
    let steps = steps.ok_or(&code::REPO_NOT_FOUND)?;
    let failed = steps.iter().any(|step| step.outcome == Outcome::Failed);
    let deed =
        Deed::new("repo.test", id, &repo.name).with(if failed { "failed" } else { "success" });
    user.did(&app, &mut *app.db.writer().await?, deed).await?;
    let response = response(&steps);
    let mut shown = Vec::with_capacity(steps.len());
    for step in steps {
        shown.push(show(&app, step).await?);
    }
    let message = match failed {
        false => Text::new("测试成功", "The test succeeded"),
        true => Text::new("测试失败", "The test failed"),
    };
    Reply::say(
        message,
        Rehearsed {
            request_id: user.request_id.as_str().to_owned(),
            status: if failed { "failed" } else { "success" },
            response,
            steps: shown,
        },
    )
}

/// The receiver's part only: what goes wrong behind it, the Git host never learns.
fn response(steps: &[Step]) -> Response {
    let of = |name| steps.iter().find(|step| step.name == name);
    match of("receive").filter(|step| step.outcome == Outcome::Success) {
        Some(_) => Response {
            code: 200,
            message: "Webhook测试成功".to_owned(),
        },
        None => Response {
            code: 422,
            message: steps
                .iter()
                .find(|step| step.outcome == Outcome::Failed)
                .map_or_else(String::new, |step| step.detail.clone()),
        },
    }
}

async fn show(app: &App, step: Step) -> Result<Shown, ApiError> {
    let target = match step.target_id {
        Some(id) => target::store::find(app.db.read(), id).await?,
        None => None,
    };
    Ok(Shown {
        step: step.name,
        target_id: step.target_id,
        target_name: target.map(|target| target.name),
        status: match step.outcome {
            Outcome::Success => "success",
            Outcome::Failed => "failed",
            Outcome::Skipped => "skipped",
        },
        detail: step.detail,
        duration_ms: step.duration_ms,
    })
}
