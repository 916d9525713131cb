//! `pipeline`: one that started, ended, or waits for somebody.

use crate::{
    payload::{Account, Mentioned, Project},
    time::rfc3339,
};
use push_notify_sdk::{
    Event, Job, Pipeline, Rejection, RunState,
    delivery::{Id, Listed, OWN_STATUS, missing, of_no_interest, pipeline_subject, present},
};
use serde::Deserialize;

#[derive(Deserialize)]
pub(crate) struct PipelineEvent {
    object_attributes: Option<Attributes>,
    merge_request: Option<Mentioned>,
    user: Option<Account>,
    project: Option<Project>,
    /// More than the engine keeps.
    builds: Option<Listed<Option<Build>, 300>>,
}

#[derive(Deserialize)]
struct Attributes {
    id: Option<Id>,
    name: Option<String>,
    #[serde(rename = "ref")]
    git_ref: Option<String>,
    tag: Option<bool>,
    sha: Option<String>,
    source: Option<String>,
    status: Option<String>,
    finished_at: Option<String>,
    /// In seconds.
    duration: Option<f64>,
    url: Option<String>,
}

#[derive(Deserialize)]
struct Build {
    name: Option<String>,
    stage: Option<String>,
    status: Option<String>,
    allow_failure: Option<bool>,
}

pub(crate) fn event(payload: PipelineEvent) -> Result<Event, Rejection> {
    let attributes = payload
        .object_attributes
        .ok_or_else(|| missing("object_attributes"))?;
    let id = attributes
        .id
        .ok_or_else(|| missing("object_attributes.id"))?
        .0;
    let status = present(attributes.status);
    let status = status.ok_or_else(|| missing("object_attributes.status"))?;
    let state = state(&status);
    let builds = payload.builds.unwrap_or_default().entries;
    let builds: Vec<Build> = builds.into_iter().flatten().collect();
    let is_ours = |build: &Build| build.name.as_deref() == Some(OWN_STATUS);
    let source = attributes.source.as_deref();
    if source == Some("external") && !builds.is_empty() && builds.iter().all(is_ours) {
        return Err(Rejection::Ignored("a status of our own".to_owned()));
    }
    let git_ref = present(attributes.git_ref);
    let request = payload.merge_request;
    let of_fork = request.as_ref().is_some_and(Mentioned::is_of_fork);
    let request = request.map(Mentioned::merge_request).transpose()?;
    let (branch, tag) = match attributes.tag {
        Some(true) => (None, git_ref),
        // A fork's branch is none of the project's.
        _ if of_fork => (None, None),
        _ => (git_ref, None),
    };
    let sha = present(attributes.sha);
    let number = request
        .as_ref()
        .map(|request| format!("!{}", request.number));
    let place = [&branch, &tag, &number, &sha].into_iter().flatten().next();
    let name = present(attributes.name);
    let which = match (name.as_deref(), source) {
        (Some(name), _) => name,
        (None, Some("parent_pipeline")) => "child",
        (None, Some("schedule")) => "schedule",
        (None, _) => "pipeline",
    };
    let subject = pipeline_subject(which, place.map(String::as_str));
    let pipeline = Pipeline {
        id,
        name,
        state,
        url: present(attributes.url),
        attempt: None,
        duration_ms: attributes.duration.and_then(milliseconds),
        jobs: builds.into_iter().filter_map(Build::job).collect(),
    };
    let event = Event::of_pipeline(subject, pipeline);
    Ok(Event {
        branch,
        tag,
        after: sha,
        happened_at: attributes.finished_at.as_deref().and_then(rfc3339),
        actor: payload.user.and_then(Account::person),
        repository: Project::normalised(payload.project)?,
        merge_request: request,
        ..event.ok_or_else(|| of_no_interest("pipeline status", &status))?
    })
}

impl Build {
    fn job(self) -> Option<Job> {
        Some(Job {
            name: present(self.name)?,
            stage: present(self.stage),
            state: state(self.status.as_deref().unwrap_or_default()),
            url: None,
            optional: self.allow_failure == Some(true),
        })
    }
}

/// Of a pipeline, a job or a deployment. All that is neither begun nor ended waits.
pub(crate) fn state(status: &str) -> RunState {
    match status {
        "running" => RunState::Running,
        "success" => RunState::Succeeded,
        "failed" => RunState::Failed,
        "canceled" => RunState::Canceled,
        "skipped" => RunState::Skipped,
        "manual" | "blocked" => RunState::Blocked,
        _ => RunState::Pending,
    }
}

fn milliseconds(seconds: f64) -> Option<u64> {
    let fits = (0.0..1e12).contains(&seconds);
    fits.then_some((seconds * 1000.0) as u64)
}
