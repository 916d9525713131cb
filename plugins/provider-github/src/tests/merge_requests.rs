//! Merge requests of the engine's own.

use crate::Github;
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

impl MergeRequestRow for Github {
    const OPEN: &'static str = "POST /pulls";
    const ONE: &'static str = "GET /pulls/7";
    const OPEN_ONES: &'static str = "GET /pulls?state=open&head=orchard-works%3Afeature&base=main";

    fn draft() -> Value {
        json!({"title": "Weigh", "body": "All.", "draft": true, "head": "feature", "base": "main"})
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
        let (state, conclusion) = match pipeline {
            RunState::Failed => ("success", Some("failure")),
            RunState::Running => ("pending", None),
            _ => ("success", Some("success")),
        };
        let status = if conclusion.is_some() {
            "completed"
        } else {
            "queued"
        };
        // What the engine itself says of it does not count.
        let statuses = json!([
            {"context": "push-notify/review", "state": "failure"},
            {"context": "ci", "state": state},
        ]);
        vec![
            (
                "GET /commits/cccc/status?per_page=100",
                json!({ "statuses": statuses }),
            ),
            (
                "GET /commits/cccc/check-runs?per_page=100",
                json!({"check_runs": [
                    {"status": "completed", "conclusion": "skipped"},
                    {"status": status, "conclusion": conclusion},
                ]}),
            ),
        ]
    }

    fn is_there() -> Response {
        let message = "A pull request already exists for orchard-works:feature.";
        json_response(
            422,
            &json!({"errors": [{"message": message}], "message": "Validation Failed"}),
        )
    }
}

push_notify_sdk::conformance!(merge_requests Github);
