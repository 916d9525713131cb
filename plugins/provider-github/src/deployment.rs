//! `deployment_status`: how far a deployment is.

use push_notify_sdk::{
    Deployment, Event, Rejection, RunState,
    delivery::{AccountPayload, Id, RepositoryPayload, missing, of_no_interest, present},
};
use serde::Deserialize;

#[derive(Deserialize)]
pub(crate) struct DeploymentEvent {
    deployment_status: Option<Status>,
    deployment: Option<Deployed>,
    repository: Option<RepositoryPayload>,
    sender: Option<AccountPayload>,
}

#[derive(Deserialize)]
struct Status {
    state: Option<String>,
    environment_url: Option<String>,
    log_url: Option<String>,
    target_url: Option<String>,
    created_at: Option<String>,
}

#[derive(Deserialize)]
struct Deployed {
    id: Option<Id>,
    environment: Option<String>,
    sha: Option<String>,
}

pub(crate) fn event(payload: DeploymentEvent) -> Result<Event, Rejection> {
    let status = payload
        .deployment_status
        .ok_or_else(|| missing("deployment_status"))?;
    let deployed = payload.deployment.ok_or_else(|| missing("deployment"))?;
    let word = present(status.state).ok_or_else(|| missing("deployment_status.state"))?;
    let state = match word.as_str() {
        "in_progress" => RunState::Running,
        "success" => RunState::Succeeded,
        "failure" | "error" => RunState::Failed,
        "waiting" => RunState::Blocked,
        // That it is to begin, or that a later one has taken its place.
        other => return Err(of_no_interest("deployment_status", other)),
    };
    let id = deployed.id.ok_or_else(|| missing("deployment.id"))?.0;
    // What was deployed is worth a look when it is there, and else what the deployment said.
    let logs = present(status.log_url).or_else(|| present(status.target_url));
    let url = match state {
        RunState::Succeeded => present(status.environment_url).or(logs),
        _ => logs,
    };
    let deployment = Deployment {
        id,
        environment: present(deployed.environment)
            .ok_or_else(|| missing("deployment.environment"))?,
        state,
        url,
    };
    Ok(Event {
        after: present(deployed.sha),
        happened_at: present(status.created_at),
        actor: payload.sender.and_then(AccountPayload::person),
        repository: RepositoryPayload::normalised(payload.repository)?,
        ..Event::of_deployment(deployment)
            .ok_or_else(|| of_no_interest("deployment_status", &word))?
    })
}
