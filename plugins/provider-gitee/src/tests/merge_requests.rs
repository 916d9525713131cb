//! Merge requests of the engine's own. Gitee has no pipelines at its commits.

use crate::Gitee;
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

impl MergeRequestRow for Gitee {
    const OPEN: &'static str = "POST /pulls";
    const ONE: &'static str = "GET /pulls/7";
    const OPEN_ONES: &'static str = "GET /pulls?state=open&head=orchard-works%3Afeature&base=main";

    fn draft() -> Value {
        json!({"title": "Weigh", "body": "All.", "draft": true, "head": "feature", "base": "main"})
    }

    fn one(state: &str, _pipeline: Option<RunState>) -> Value {
        json!({
            "id": 990, "number": 7, "html_url": PAGE,
            "state": if state == "merged" { "merged" } else { state },
            "merged": state == "merged",
            "merged_at": (state == "merged").then_some(MERGED_AT),
            "head": {"ref": "feature", "sha": "cccc", "repo": {"full_name": HOME}},
            "base": {"ref": "main", "sha": "aaaa", "repo": {"full_name": HOME}},
        })
    }

    fn is_there() -> Response {
        json_response(
            400,
            &json!({"message": "已存在相同源分支、目标分支的 Pull Request"}),
        )
    }
}

push_notify_sdk::conformance!(merge_requests Gitee:
    one_is_opened,
    one_of_the_same_branches_is_the_answer,
    a_refusal_is_told,
    a_branch_that_is_not_there_is_named,
    nobody_opens_one_without_a_token,
    a_text_commands_nobody,
    each_state_is_told,
);
