//! `status`: what a service says of a commit. Its name is the pipeline's.

use super::{AccountPayload, Id, RepositoryPayload};
use crate::{
    Event, Pipeline, Rejection, RunState,
    delivery::{Listed, OWN_STATUS, missing, of_no_interest, pipeline_subject, present},
};
use serde::Deserialize;

/// In the addresses of the runs of GitHub's Actions and of Gitea's.
const ACTIONS: &str = "/actions/runs/";

#[derive(Debug, Deserialize)]
pub struct StatusEvent {
    id: Option<Id>,
    sha: Option<String>,
    context: Option<String>,
    state: Option<String>,
    target_url: Option<String>,
    updated_at: Option<String>,
    /// Those that end at the commit; Gitea does not tell.
    branches: Option<Listed<Option<Branch>, 10>>,
    repository: Option<RepositoryPayload>,
    sender: Option<AccountPayload>,
}

#[derive(Debug, Deserialize)]
struct Branch {
    name: Option<String>,
}

impl StatusEvent {
    /// Our own status is refused, and so is that of a workflow, which is told of as such.
    pub fn event(self) -> Result<Event, Rejection> {
        let state = present(self.state).ok_or_else(|| missing("state"))?;
        let sha = present(self.sha).ok_or_else(|| missing("sha"))?;
        let id = self.id.ok_or_else(|| missing("id"))?.0;
        let name = present(self.context);
        if name.as_deref() == Some(OWN_STATUS) {
            return Err(Rejection::Ignored("a status of our own".to_owned()));
        }
        let url = present(self.target_url);
        if url.as_deref().is_some_and(|url| url.contains(ACTIONS)) {
            let reason = "the status of a workflow arrives as its run";
            return Err(Rejection::Ignored(reason.to_owned()));
        }
        let run_state = match state.as_str() {
            "success" | "warning" => RunState::Succeeded,
            "failure" | "error" => RunState::Failed,
            // Services write it again and again while they work.
            other => return Err(of_no_interest("status", other)),
        };
        let repository = RepositoryPayload::normalised(self.repository)?;
        let branches = self.branches.unwrap_or_default().entries;
        let mut branches: Vec<String> = branches
            .into_iter()
            .flatten()
            .filter_map(|branch| present(branch.name))
            .collect();
        let is_default = |branch: &String| Some(branch) == repository.default_branch.as_ref();
        let chosen = branches.iter().position(is_default).unwrap_or(0);
        let branch = (!branches.is_empty()).then(|| branches.swap_remove(chosen));
        let subject = pipeline_subject(
            name.as_deref().unwrap_or("status"),
            branch.as_deref().or(Some(&sha)),
        );
        let pipeline = Pipeline {
            id,
            name,
            state: run_state,
            url,
            attempt: None,
            duration_ms: None,
            jobs: Vec::new(),
        };
        Ok(Event {
            branch,
            after: Some(sha),
            happened_at: present(self.updated_at),
            actor: self.sender.and_then(AccountPayload::person),
            repository,
            ..Event::of_pipeline(subject, pipeline)
                .ok_or_else(|| of_no_interest("status", &state))?
        })
    }
}
