//! `check_run`: what an app says of a commit, other than GitHub's Actions, whose checks are the
//! jobs of a workflow.

use push_notify_sdk::{
    Effect, Event, Pipeline, Rejection, RunState,
    delivery::{
        AccountPayload, Id, RepositoryPayload, concluded, missing, of_no_interest,
        pipeline_subject, present,
    },
};
use serde::Deserialize;

/// How the app of GitHub's Actions is called in addresses.
const ACTIONS: &str = "github-actions";

#[derive(Deserialize)]
pub(crate) struct CheckEvent {
    action: Option<String>,
    check_run: Option<CheckRun>,
    repository: Option<RepositoryPayload>,
    sender: Option<AccountPayload>,
}

#[derive(Deserialize)]
struct CheckRun {
    id: Option<Id>,
    name: Option<String>,
    head_sha: Option<String>,
    status: Option<String>,
    conclusion: Option<String>,
    html_url: Option<String>,
    completed_at: Option<String>,
    started_at: Option<String>,
    check_suite: Option<Suite>,
    app: Option<App>,
}

#[derive(Deserialize)]
struct Suite {
    /// Not of a fork.
    head_branch: Option<String>,
}

#[derive(Deserialize)]
struct App {
    slug: Option<String>,
}

/// With an effect: a check that is done at once is created and completed.
pub(crate) fn event(payload: CheckEvent) -> Result<(Event, Option<Effect>), Rejection> {
    let action = present(payload.action).ok_or_else(|| missing("action"))?;
    let check = payload.check_run.ok_or_else(|| missing("check_run"))?;
    if check.app.and_then(|app| app.slug).as_deref() == Some(ACTIONS) {
        let reason = "a check of GitHub Actions arrives as a workflow run";
        return Err(Rejection::Ignored(reason.to_owned()));
    }
    if !matches!(action.as_str(), "created" | "completed") {
        return Err(of_no_interest("check_run action", &action));
    }
    let conclusion = present(check.conclusion);
    let state = match (conclusion.as_deref(), check.status.as_deref()) {
        (Some(conclusion), _) => concluded(conclusion)?,
        (None, Some("in_progress")) => RunState::Running,
        (None, Some("waiting")) => RunState::Blocked,
        (None, Some(other)) => return Err(of_no_interest("check_run status", other)),
        (None, None) => return Err(missing("check_run.status")),
    };
    let id = check.id.ok_or_else(|| missing("check_run.id"))?.0;
    let branch = check.check_suite.and_then(|suite| suite.head_branch);
    let (branch, sha) = (present(branch), present(check.head_sha));
    let name = present(check.name);
    let subject = pipeline_subject(
        name.as_deref().unwrap_or(&id),
        branch.as_deref().or(sha.as_deref()),
    );
    let effect = Effect {
        key: format!("check_run:{id}:{}", state.name()),
        source: action,
    };
    let pipeline = Pipeline {
        id,
        name,
        state,
        url: present(check.html_url),
        attempt: None,
        duration_ms: None,
        jobs: Vec::new(),
    };
    let event = Event {
        branch,
        after: sha,
        happened_at: present(check.completed_at).or_else(|| present(check.started_at)),
        actor: payload.sender.and_then(AccountPayload::person),
        repository: RepositoryPayload::normalised(payload.repository)?,
        ..Event::of_pipeline(subject, pipeline)
            .ok_or_else(|| of_no_interest("check_run status", state.name()))?
    };
    Ok((event, Some(effect)))
}
