//! Merge requests of the engine's own.

use crate::Gitea;
use push_notify_sdk::{
    RunState,
    http::Response,
    testing::{
        conformance::{
            MergeRequestRow,
            merge_requests::{HOME, MERGED_AT, PAGE},
        },
        json_response,
    },
};
use serde_json::{Value, json};

impl MergeRequestRow for Gitea {
    const OPEN: &'static str = "POST /pulls";
    const ONE: &'static str = "GET /pulls/7";
    const OPEN_ONES: &'static str =
        "GET /pulls?state=open&base_branch=main&sort=recentupdate&limit=50";

    fn draft() -> Value {
        json!({"title": "WIP: Weigh", "body": "All.", "head": "feature", "base": "main"})
    }

    fn one(state: &str, _pipeline: Option<RunState>) -> Value {
        json!({
            "id": 990, "number": 7, "html_url": PAGE,
            "state": if state == "merged" { "closed" } else { state },
            "merged": state == "merged",
            "merged_at": (state == "merged").then_some(MERGED_AT),
            "head": {"ref": "feature", "sha": "cccc", "repo": {"full_name": HOME}},
            "base": {"ref": "main", "sha": "aaaa", "repo": {"full_name": HOME}},
        })
    }

    fn besides(pipeline: RunState) -> Vec<(&'static str, Value)> {
        let state = match pipeline {
            RunState::Failed => "error",
            RunState::Running => "pending",
            _ => "success",
        };
        let statuses = json!([
            {"context": "push-notify/review", "status": "failure"},
            {"context": "lint", "status": "success"},
            {"context": "ci", "status": state},
        ]);
        vec![("GET /commits/cccc/status", json!({ "statuses": statuses }))]
    }

    fn is_there() -> Response {
        let message = "pull request already exists for these targets [id: 7]";
        json_response(409, &json!({ "message": message }))
    }
}

push_notify_sdk::conformance!(merge_requests Gitea);
