use super::{Payload, WEB, account, repository, sha};
use serde_json::{Value, json};

impl Payload {
    /// A merge request that was just opened.
    pub(crate) fn merge_request(number: usize) -> Self {
        Self::signed("pull_request", &merge_request(number))
    }

    /// The commit that this merge request is about.
    pub(crate) fn head(number: usize) -> String {
        sha(number, 4)
    }
}

fn merge_request(number: usize) -> Value {
    let author = account("ada-example", 4101);
    let side = |branch: &str, sha: &str| {
        json!({
            "label": format!("orchard:{branch}"),
            "ref": branch,
            "sha": sha,
            "user": account("orchard", 4102),
            "repo": repository(0),
        })
    };
    json!({
        "action": "opened",
        "number": number,
        "pull_request": {
            "id": 1_204_318_000 + number,
            "number": number,
            "state": "open",
            "locked": false,
            "title": format!("Keep the press from starting while the lid is open (batch {number})"),
            "user": author,
            "body": "The switch was read once at start-up. It is read before every stroke now.",
            "html_url": format!("{WEB}/pull/{number}"),
            "created_at": "2026-03-05T09:58:12Z",
            "updated_at": "2026-03-05T09:58:12Z",
            "merged_at": null,
            "assignees": [],
            "requested_reviewers": [],
            "labels": [],
            "draft": false,
            "head": side("lid-switch", &Payload::head(number)),
            "base": side("main", &sha(0, 90)),
            "merged": false,
            "comments": 0,
            "commits": 1,
            "changed_files": 5,
        },
        "repository": repository(0),
        "sender": author,
    })
}
