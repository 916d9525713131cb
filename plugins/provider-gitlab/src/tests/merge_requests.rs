//! Merge requests of the engine's own.

use crate::Gitlab;
use push_notify_sdk::{
    RunState,
    http::Response,
    testing::{
        conformance::{
            MergeRequestRow,
            merge_requests::{MERGED_AT, PAGE},
        },
        json_response,
    },
};
use serde_json::{Value, json};

impl MergeRequestRow for Gitlab {
    const OPEN: &'static str = "POST /merge_requests";
    const ONE: &'static str = "GET /merge_requests/7";
    const OPEN_ONES: &'static str =
        "GET /merge_requests?state=opened&source_branch=feature&target_branch=main";
    const TEXT: &'static str = "description";

    fn draft() -> Value {
        json!({
            "title": "Draft: Weigh", "description": "All.",
            "source_branch": "feature", "target_branch": "main",
        })
    }

    fn one(state: &str, pipeline: Option<RunState>) -> Value {
        let pipeline = pipeline.map(|state| match state {
            RunState::Failed => "failed",
            RunState::Running => "running",
            _ => "success",
        });
        json!({
            "id": 990, "iid": 7, "web_url": PAGE, "sha": "cccc",
            "state": if state == "open" { "opened" } else { state },
            "source_project_id": 40, "source_branch": "feature",
            "target_project_id": 40, "target_branch": "main",
            "merged_at": (state == "merged").then_some(MERGED_AT),
            "head_pipeline": pipeline.map(|status| json!({"id": 1, "status": status})),
        })
    }

    fn of_fork(mut one: Value) -> Value {
        one["source_project_id"] = json!(41);
        one
    }

    fn is_there() -> Response {
        let message = "Another open merge request already exists for this source branch: !7";
        json_response(409, &json!({ "message": [message] }))
    }
}

push_notify_sdk::conformance!(merge_requests Gitlab);
