//! `repo:commit_status_*`: what a build says of a commit.

use crate::parts::{Account, Links, RepositoryPayload};
use push_notify_sdk::{
    Event, Pipeline, Rejection, RunState,
    delivery::{OWN_STATUS, missing, of_no_interest, pipeline_subject, present},
};
use serde::Deserialize;

#[derive(Deserialize)]
pub(crate) struct StatusEvent {
    commit_status: Option<Status>,
    repository: Option<RepositoryPayload>,
    actor: Option<Account>,
}

#[derive(Deserialize)]
struct Status {
    key: Option<String>,
    name: Option<String>,
    description: Option<String>,
    state: Option<String>,
    url: Option<String>,
    /// The branch or tag, where the build says it.
    refname: Option<String>,
    updated_on: Option<String>,
    links: Option<Links>,
}

/// Our own status is refused. Its key is the pipeline's: a name may have the number of the run.
pub(crate) fn event(payload: StatusEvent) -> Result<Event, Rejection> {
    let status = payload
        .commit_status
        .ok_or_else(|| missing("commit_status"))?;
    let key = present(status.key).ok_or_else(|| missing("commit_status.key"))?;
    if key == OWN_STATUS {
        return Err(Rejection::Ignored("a status of our own".to_owned()));
    }
    let state = present(status.state).ok_or_else(|| missing("commit_status.state"))?;
    let state = match state.as_str() {
        "INPROGRESS" => RunState::Running,
        "SUCCESSFUL" => RunState::Succeeded,
        "FAILED" => RunState::Failed,
        "STOPPED" => RunState::Canceled,
        other => return Err(of_no_interest("build state", other)),
    };
    let commit = status.links.as_ref().and_then(Links::commit);
    let sha = commit.and_then(|address| address.rsplit('/').next());
    let sha = present(sha.map(str::to_owned));
    let branch = present(status.refname);
    let subject = pipeline_subject(&key, branch.as_deref().or(sha.as_deref()));
    let pipeline = Pipeline {
        id: key,
        name: present(status.name),
        state,
        url: present(status.url),
        attempt: None,
        duration_ms: None,
        jobs: Vec::new(),
    };
    Ok(Event {
        text: present(status.description),
        branch,
        after: sha,
        happened_at: present(status.updated_on),
        actor: payload.actor.and_then(Account::person),
        repository: RepositoryPayload::normalised(payload.repository)?,
        ..Event::of_pipeline(subject, pipeline)
            .ok_or_else(|| of_no_interest("build state", state.name()))?
    })
}
