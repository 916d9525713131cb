//! How Gitea and Forgejo are spoken to. <https://docs.gitea.com/development/api-usage>

use crate::{Gitea, changes, receive, review};
use push_notify_sdk::{
    ChangePage, Delivery, Event, Failure, NewMergeRequest, Published, Rejection, Review, RunState,
    Webhook,
    forge::{
        Client, Config, Dialect, Discussion, Problems, Remark, Told, in_one_part, places, remarks,
        statuses, together,
    },
    http::Request,
};
use serde_json::json;

impl Dialect for Gitea {
    type Config = Config;

    const HOST: &'static str = "Gitea";
    const API: &'static str = "/api/v1";
    const DRAFT: &'static str = "WIP: ";

    fn receive(webhook: Webhook, config: Config) -> Result<Delivery, Rejection> {
        receive::receive(webhook, config.webhook_secret.as_ref())
    }

    fn merge_request(
        client: &Client<Self>,
        number: u64,
        from: Option<&str>,
    ) -> Result<ChangePage, Failure> {
        changes::merge_request(client, number, from)
    }

    fn compare(
        client: &Client<Self>,
        event: &Event,
        from: &str,
        to: &str,
    ) -> Result<ChangePage, Failure> {
        changes::compare(client, event, from, to)
    }

    fn commit(client: &Client<Self>, sha: &str, from: Option<&str>) -> Result<ChangePage, Failure> {
        in_one_part(from)?;
        changes::newest_commit(client, sha)
    }

    /// <https://docs.gitea.com/api/#tag/repository/operation/repoGetRawFile>
    fn file(client: &Client<Self>, _path: &str, encoded: &str, head: &str) -> Request {
        client.get(&format!("/raw/{encoded}")).query("ref", head)
    }

    fn at_lines(
        discussion: &Discussion<'_, Self>,
        problems: &mut Problems,
    ) -> Result<Vec<u32>, Failure> {
        review::at_lines(discussion, problems)
    }

    /// All of them are on one page.
    fn comments(client: &Client<Self>, number: u64) -> Result<Vec<Remark>, Failure> {
        remarks(client.get(&format!("/issues/{number}/comments")).send())
    }

    fn new_comment(client: &Client<Self>, number: u64) -> Request {
        client.post(&format!("/issues/{number}/comments"))
    }

    fn edit_comment(client: &Client<Self>, _number: u64, id: &str) -> Request {
        client.patch(&format!("/issues/comments/{id}"))
    }

    /// The title is what tells a draft.
    fn open(client: &Client<Self>, request: &NewMergeRequest) -> Request {
        let body = json!({
            "title": request.title, "body": request.text,
            "head": request.source_branch, "base": request.target_branch,
        });
        client.post("/pulls").json(&body)
    }

    /// Those that were changed last. The address of a pair of branches would tell of any of theirs,
    /// also of one that was merged long ago. Older servers do not know `base_branch`.
    fn open_ones(client: &Client<Self>, request: &NewMergeRequest) -> Result<Request, Failure> {
        let list = client.get("/pulls").query("state", "open");
        let list = list.query("base_branch", &request.target_branch);
        Ok(list.query("sort", "recentupdate").query("limit", 50))
    }

    fn pipeline(client: &Client<Self>, told: &Told) -> Result<Option<RunState>, Failure> {
        let Some(head) = &told.head_sha else {
            return Ok(None);
        };
        let answer = client.get(&format!("/commits/{head}/status")).send();
        statuses(answer).map(together)
    }

    fn on_commit(
        _client: &Client<Self>,
        review: &Review,
        problems: &mut Problems,
    ) -> Result<Published, Failure> {
        if review.summary.is_some() || !review.comments.is_empty() {
            problems.add("summary: the host has no comments on commits");
        }
        Ok(Published {
            folded: places(&review.comments),
            ..Published::default()
        })
    }
}
