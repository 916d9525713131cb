//! Merge requests of the engine's own. <https://docs.gitlab.com/api/merge_requests/>

use crate::Gitlab;
use push_notify_sdk::{
    NewMergeRequest, RunState,
    delivery::present,
    forge::{Client, Told},
    http::Request,
};
use serde::Deserialize;
use serde_json::json;

#[derive(Deserialize)]
pub(crate) struct MergeRequest {
    iid: u64,
    web_url: Option<String>,
    state: Option<String>,
    source_project_id: Option<u64>,
    target_project_id: Option<u64>,
    source_branch: Option<String>,
    target_branch: Option<String>,
    sha: Option<String>,
    merged_at: Option<String>,
    head_pipeline: Option<Pipeline>,
}

#[derive(Deserialize)]
struct Pipeline {
    status: Option<String>,
}

pub(crate) fn open(client: &Client<Gitlab>, request: &NewMergeRequest) -> Request {
    let body = json!({
        "title": request.title, "description": request.text,
        "source_branch": request.source_branch, "target_branch": request.target_branch,
    });
    client.post("/merge_requests").json(&body)
}

pub(crate) fn open_ones(client: &Client<Gitlab>, request: &NewMergeRequest) -> Request {
    let list = client.get("/merge_requests").query("state", "opened");
    let list = list.query("source_branch", &request.source_branch);
    list.query("target_branch", &request.target_branch)
}

impl From<MergeRequest> for Told {
    fn from(request: MergeRequest) -> Self {
        let state = match request.state.as_deref() {
            Some("merged") => "merged",
            Some("closed") => "closed",
            // One that is locked is being merged.
            _ => "open",
        };
        let pipeline = request.head_pipeline.and_then(|pipeline| pipeline.status);
        Self {
            number: request.iid,
            url: present(request.web_url),
            state,
            source_branch: present(request.source_branch),
            target_branch: present(request.target_branch),
            from_fork: request.source_project_id != request.target_project_id,
            head_sha: present(request.sha),
            pipeline: pipeline.as_deref().and_then(run_state),
            merged_at: present(request.merged_at),
            merge_sha: None,
        }
    }
}

fn run_state(status: &str) -> Option<RunState> {
    match status {
        "success" => Some(RunState::Succeeded),
        "failed" => Some(RunState::Failed),
        "canceled" | "canceling" => Some(RunState::Canceled),
        "skipped" => Some(RunState::Skipped),
        "manual" => Some(RunState::Blocked),
        "running" => Some(RunState::Running),
        "created" | "waiting_for_resource" | "preparing" | "pending" | "scheduled" => {
            Some(RunState::Pending)
        }
        _ => None,
    }
}
