//! Merge requests of the engine's own.

use crate::Bitbucket;
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

impl MergeRequestRow for Bitbucket {
    const OPEN: &'static str = "POST /pullrequests";
    const ONE: &'static str = "GET /pullrequests/7";
    const OPEN_ONES: &'static str = concat!(
        "GET /pullrequests?q=state%20%3D%20%22OPEN%22%20AND%20source.branch.name%20%3D%20%22feature%22",
        "%20AND%20destination.branch.name%20%3D%20%22main%22"
    );
    const TEXT: &'static str = "description";

    fn draft() -> Value {
        json!({
            "title": "Weigh", "description": "All.", "draft": true,
            "source": {"branch": {"name": "feature"}},
            "destination": {"branch": {"name": "main"}},
        })
    }

    fn one(state: &str, _pipeline: Option<RunState>) -> Value {
        let word = match state {
            "merged" => "MERGED",
            "closed" => "DECLINED",
            _ => "OPEN",
        };
        json!({
            "id": 7, "state": word, "links": {"html": {"href": PAGE}},
            "source": {
                "branch": {"name": "feature"}, "commit": {"hash": "cccc"},
                "repository": {"full_name": HOME},
            },
            "destination": {
                "branch": {"name": "main"}, "commit": {"hash": "aaaa"},
                "repository": {"full_name": HOME},
            },
            "merge_commit": (state == "merged").then(|| json!({"hash": "dddd"})),
        })
    }

    fn of_fork(mut one: Value) -> Value {
        one["source"]["repository"] = json!(null);
        one
    }

    fn list(ones: Vec<Value>) -> Value {
        json!({ "values": ones })
    }

    fn besides(pipeline: RunState) -> Vec<(&'static str, Value)> {
        let state = match pipeline {
            RunState::Failed => "FAILED",
            RunState::Running => "INPROGRESS",
            _ => "SUCCESSFUL",
        };
        // What the engine itself says of it does not count.
        let statuses = json!([
            {"key": "push-notify/review", "state": "FAILED"},
            {"key": "lint", "state": "SUCCESSFUL"},
            {"key": "ci", "state": state},
        ]);
        vec![
            (
                "GET /pullrequests/7/statuses?pagelen=100",
                json!({ "values": statuses }),
            ),
            (
                "GET /commit/dddd",
                json!({"hash": "dddd", "date": MERGED_AT}),
            ),
        ]
    }

    fn is_there() -> Response {
        let message = "There is already an open pull request for these branches";
        json_response(
            400,
            &json!({"type": "error", "error": {"message": message}}),
        )
    }
}

push_notify_sdk::conformance!(merge_requests Bitbucket);
