//! `POST /api/v1/repos/{id}/test`.

use super::webhook;
use crate::{
    app::App,
    auth::CurrentUser,
    http::{AcceptLanguage, Answer, ApiError, Reply, code, extract::Id},
    log::operation::AuditEntry,
    pipeline::{Expected, Outcome, Pipeline, Step},
    repo, target,
};
use axum::{Extension, extract::State, http::StatusCode};
use push_notify_core::{
    clock::rfc3339,
    i18n::{Locale, Text},
    id::{RepoId, TargetId},
};
use schemars::JsonSchema;
use serde::Serialize;

/// What a made-up delivery to the repository would come to. Nothing is sent.
#[derive(Serialize, JsonSchema)]
pub struct Rehearsed {
    request_id: String,
    /// success or failed.
    status: &'static str,
    /// Null when the provider plugin has no sample that a delivery could be made from.
    response: Option<Response>,
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
    target_id: Option<TargetId>,
    target_name: Option<String>,
    /// success, failed or skipped.
    status: &'static str,
    detail: String,
    /// `quiet_hours` where a message would wait for the end of its target's, as in
    /// `GET /pushes/{id}`.
    waits_for: Option<&'static str>,
    /// When they end.
    waits_until: Option<String>,
    duration_ms: f64,
}

/// `POST /repos/{id}/test`: a delivery made from the provider's sample, signed with the
/// repository's secret, goes down the road up to each channel.
pub async fn rehearse(
    State(app): State<App>,
    user: CurrentUser,
    AcceptLanguage(locale): AcceptLanguage,
    Extension(pipeline): Extension<Pipeline>,
    Id(id): Id<RepoId>,
) -> Answer<Rehearsed> {
    let repo = repo::store::find(app.db.read(), id).await?;
    let repo = repo.ok_or(&code::REPO_NOT_FOUND)?;
    let rehearsal = pipeline.rehearse(id).await.map_err(ApiError::internal)?;
    let rehearsal = rehearsal.ok_or(&code::REPO_NOT_FOUND)?;
    let steps = rehearsal.steps;
    let failed = steps.iter().any(|step| step.outcome == Outcome::Failed);
    let audit = AuditEntry::new("repo.test", id, &repo.name).with(if failed {
        "failed"
    } else {
        "success"
    });
    user.record(&app, &mut *app.db.writer().await?, audit)
        .await?;
    let mut shown = Vec::with_capacity(steps.len());
    for step in steps {
        shown.push(show(&app, step, locale).await?);
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
            response: rehearsal
                .expected
                .map(|expected| response(expected, locale)),
            steps: shown,
        },
    )
}

/// The receiver's part only: what goes wrong behind it, the Git host never learns.
fn response(expected: Expected, locale: Locale) -> Response {
    let (status, message) = match expected {
        Expected::Accepted => (
            StatusCode::OK,
            Text::new("Webhook测试成功", "Webhook test succeeded"),
        ),
        Expected::Ignored => (StatusCode::OK, webhook::IGNORED),
        Expected::Parked => (StatusCode::ACCEPTED, webhook::PARKED),
        Expected::Refused(refusal) => {
            let refused = webhook::refuse(refusal);
            (refused.status, refused.message)
        }
    };
    Response {
        code: status.as_u16(),
        message: message.as_str(locale).to_owned(),
    }
}

async fn show(app: &App, step: Step, locale: Locale) -> Result<Shown, ApiError> {
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
        detail: step.detail.as_str(locale).to_owned(),
        waits_for: step.quiet_until.map(|_| "quiet_hours"),
        waits_until: step.quiet_until.map(rfc3339),
        duration_ms: step.duration_ms,
    })
}
