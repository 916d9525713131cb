//! `deployment`: one that started, ended, or waits for somebody.

use crate::{
    payload::{Account, Project},
    pipeline,
    time::rfc3339,
};
use push_notify_sdk::{
    Deployment, Event, Rejection, RunState,
    delivery::{Id, missing, of_no_interest, present},
};
use serde::Deserialize;

#[derive(Deserialize)]
pub(crate) struct DeploymentEvent {
    status: Option<String>,
    status_changed_at: Option<String>,
    deployment_id: Option<Id>,
    deployable_url: Option<String>,
    environment: Option<String>,
    environment_external_url: Option<String>,
    /// Its last part is the commit, of which `short_sha` is only the start.
    commit_url: Option<String>,
    short_sha: Option<String>,
    user: Option<Account>,
    project: Option<Project>,
}

pub(crate) fn event(payload: DeploymentEvent) -> Result<Event, Rejection> {
    let id = payload
        .deployment_id
        .ok_or_else(|| missing("deployment_id"))?;
    let status = present(payload.status).ok_or_else(|| missing("status"))?;
    let state = pipeline::state(&status);
    let job = present(payload.deployable_url);
    // What was deployed is worth a look when it is there, and else the job that does it.
    let url = match state {
        RunState::Succeeded => present(payload.environment_external_url).or(job),
        _ => job,
    };
    let deployment = Deployment {
        id: id.0,
        environment: present(payload.environment).ok_or_else(|| missing("environment"))?,
        state,
        url,
    };
    let commit = payload.commit_url.as_deref().unwrap_or_default();
    let commit = commit.rsplit('/').next().unwrap_or_default();
    let short = payload.short_sha.as_deref().filter(|sha| !sha.is_empty());
    let is_commit = short.is_some_and(|short| commit.starts_with(short));
    Ok(Event {
        after: is_commit.then(|| commit.to_owned()),
        happened_at: payload.status_changed_at.as_deref().and_then(rfc3339),
        actor: payload.user.and_then(Account::person),
        repository: Project::normalised(payload.project)?,
        ..Event::of_deployment(deployment)
            .ok_or_else(|| of_no_interest("deployment status", &status))?
    })
}
