//! `workflow_run`: a workflow of GitHub Actions or of Gitea's was started or ended.

use super::{AccountPayload, Id, RepositoryPayload, concluded};
use crate::{
    Effect, Event, Pipeline, Rejection, RunState,
    delivery::{missing, of_no_interest, pipeline_subject, present},
};
use serde::Deserialize;

#[derive(Debug, Deserialize)]
pub struct WorkflowEvent {
    action: Option<String>,
    workflow: Option<Workflow>,
    workflow_run: Option<WorkflowRun>,
    repository: Option<RepositoryPayload>,
    sender: Option<AccountPayload>,
}

#[derive(Debug, Deserialize)]
struct Workflow {
    name: Option<String>,
}

#[derive(Debug, Deserialize)]
struct WorkflowRun {
    id: Option<Id>,
    name: Option<String>,
    /// Of its file; with Gitea, `@` and the ref follow.
    path: Option<String>,
    head_branch: Option<String>,
    head_sha: Option<String>,
    /// Where the branch is: not the repository itself, where a fork wants to be merged.
    head_repository: Option<HeadRepository>,
    conclusion: Option<String>,
    html_url: Option<String>,
    run_attempt: Option<u32>,
    updated_at: Option<String>,
    completed_at: Option<String>,
    actor: Option<AccountPayload>,
}

#[derive(Debug, Deserialize)]
struct HeadRepository {
    full_name: Option<String>,
}

impl WorkflowEvent {
    /// With the effect of a start: a run is requested, and then in progress, unless it has to wait
    /// for long.
    pub fn event(self) -> Result<(Event, Option<Effect>), Rejection> {
        let action = present(self.action).ok_or_else(|| missing("action"))?;
        let run = self.workflow_run.ok_or_else(|| missing("workflow_run"))?;
        let (state, starts) = match action.as_str() {
            "requested" | "in_progress" => (RunState::Running, true),
            "completed" => {
                let conclusion = run.conclusion.as_deref().unwrap_or_default();
                if conclusion.is_empty() {
                    return Err(missing("workflow_run.conclusion"));
                }
                (concluded(conclusion)?, false)
            }
            other => return Err(of_no_interest("workflow_run action", other)),
        };
        let repository = RepositoryPayload::normalised(self.repository)?;
        let id = run.id.ok_or_else(|| missing("workflow_run.id"))?.0;
        let named = self.workflow.and_then(|workflow| present(workflow.name));
        let file = || run.path.as_deref().and_then(|path| path.split('@').next());
        let name = named
            .or_else(|| present(run.name))
            .or_else(|| present(file().map(str::to_owned)));
        let home = run.head_repository.and_then(|home| home.full_name);
        let branch = present(run.head_branch).map(|branch| match home.as_deref() {
            // So that a fork's `main` is not taken for the repository's.
            Some(home) if home != repository.full_name => {
                let owner = home.split('/').next().unwrap_or_default();
                format!("{owner}:{branch}")
            }
            _ => branch,
        });
        let sha = present(run.head_sha);
        let subject = pipeline_subject(
            name.as_deref().unwrap_or(&id),
            branch.as_deref().or(sha.as_deref()),
        );
        let attempt = run.run_attempt.filter(|attempt| *attempt > 0);
        let effect = starts.then(|| Effect {
            key: format!("pipeline:{id}:{}:started", attempt.unwrap_or(1)),
            source: action,
        });
        let pipeline = Pipeline {
            id,
            name,
            state,
            url: present(run.html_url),
            attempt,
            duration_ms: None,
            jobs: Vec::new(),
        };
        let actor = self.sender.and_then(AccountPayload::person);
        let event = Event {
            branch,
            after: sha,
            happened_at: present(run.completed_at).or_else(|| present(run.updated_at)),
            actor: actor.or_else(|| run.actor.and_then(AccountPayload::person)),
            repository,
            ..Event::of_pipeline(subject, pipeline)
                .ok_or_else(|| of_no_interest("state", state.name()))?
        };
        Ok((event, effect))
    }
}
