//! How Gitee is spoken to. <https://gitee.com/api/v5/swagger>

use crate::{Config, Gitee, changes, receive};
use push_notify_sdk::{
    ChangePage, CommitStatus, Decision, Delivery, Event, Failure, Rejection, Webhook, crypto,
    forge::{self, Client, Dialect, Discussion, Problems, Remark, in_one_part, remarks},
    http::{Request, Response},
};
use serde::Deserialize;
use serde_json::json;

impl Dialect for Gitee {
    type Config = Config;

    const HOST: &'static str = "Gitee";
    const API: &'static str = "/api/v5";
    const NUMBER_SIGN: char = '!';

    fn receive(webhook: Webhook, config: Config) -> Result<Delivery, Rejection> {
        receive::receive(webhook, &config)
    }

    fn merge_request(
        client: &Client<Self>,
        number: u64,
        from: Option<&str>,
    ) -> Result<ChangePage, Failure> {
        changes::pull_request(client, number, from)
    }

    fn compare(
        client: &Client<Self>,
        _event: &Event,
        from: &str,
        to: &str,
    ) -> Result<ChangePage, Failure> {
        changes::compare(client, from, to)
    }

    fn commit(client: &Client<Self>, sha: &str, from: Option<&str>) -> Result<ChangePage, Failure> {
        in_one_part(from)?;
        changes::commit(client, sha)
    }

    fn file(client: &Client<Self>, _path: &str, encoded: &str, head: &str) -> Request {
        client
            .get(&format!("/contents/{encoded}"))
            .query("ref", head)
    }

    fn text(answer: Response) -> Result<Option<String>, Failure> {
        #[derive(Deserialize)]
        struct Content {
            encoding: Option<String>,
            content: Option<String>,
        }
        // A folder; an empty one is what Gitee gives for what is not there.
        if answer.text().trim_start().starts_with('[') {
            return Ok(None);
        }
        let told: Content = answer.json()?;
        let is_base64 = told.encoding.as_deref() == Some("base64");
        let content = told.content.filter(|_| is_base64);
        let bytes = content.and_then(|content| crypto::unbase64(&content));
        Ok(bytes.and_then(forge::file))
    }

    fn at_lines(
        discussion: &Discussion<'_, Self>,
        problems: &mut Problems,
    ) -> Result<Vec<u32>, Failure> {
        let Discussion { client, number, .. } = *discussion;
        discussion.recall(|| Self::comments(client, number))?;
        discussion.post_comments(problems, |comment| {
            let body = json!({
                "body": discussion.text(comment), "commit_id": discussion.review.head_sha,
                "path": comment.path, "position": comment.position,
            });
            Self::new_comment(client, number).json(&body)
        })
    }

    /// Passes the review, or takes back that a former one did.
    fn verdict(discussion: &Discussion<'_, Self>, verdict: Decision) -> Option<Request> {
        let client = discussion.client;
        let pull = format!("/pulls/{}", discussion.number);
        let request = match verdict {
            Decision::Approved => client.post(&format!("{pull}/review")),
            Decision::RequestChanges | Decision::Comment => {
                client.patch(&format!("{pull}/assignees"))
            }
        };
        Some(request.json(&json!({})))
    }

    /// Also those at lines.
    fn comments(client: &Client<Self>, number: u64) -> Result<Vec<Remark>, Failure> {
        let comments = client.get(&format!("/pulls/{number}/comments"));
        let newest = comments.query("direction", "desc").query("per_page", 100);
        remarks(newest.send())
    }

    fn new_comment(client: &Client<Self>, number: u64) -> Request {
        client.post(&format!("/pulls/{number}/comments"))
    }

    fn edit_comment(client: &Client<Self>, _number: u64, id: &str) -> Request {
        client.patch(&format!("/pulls/comments/{id}"))
    }

    /// Gitee has none.
    fn set_status(_: &Client<Self>, _: &str, _: &CommitStatus) -> Result<(), Failure> {
        Ok(())
    }
}
