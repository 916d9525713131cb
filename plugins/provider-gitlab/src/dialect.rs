//! How GitLab is spoken to. <https://docs.gitlab.com/api/rest/>

use crate::{
    Gitlab, changes,
    merge_requests::{self, MergeRequest},
    receive, review, version,
};
use push_notify_sdk::{
    ChangePage, CommitStatus, Decision, Delivery, Event, Failure, NewMergeRequest, Published,
    Rejection, Review, Secret, StatusState, Webhook, crypto,
    forge::{
        Client, Config, Dialect, Discussion, Home, Problems, Remark, Told, check, each,
        post_status, remarks,
    },
    http::{Request, Response},
};
use serde_json::json;

impl Dialect for Gitlab {
    type Config = Config;

    const HOST: &'static str = "GitLab";
    const API: &'static str = "/api/v4";
    const NUMBER_SIGN: char = '!';
    const DRAFT: &'static str = "Draft: ";

    fn receive(webhook: Webhook, config: Config) -> Result<Delivery, Rejection> {
        receive::receive(webhook, config.webhook_secret.as_ref())
    }

    fn root(home: &Home) -> Result<String, Failure> {
        let Home { api, path } = home;
        Ok(format!("{api}/projects/{}", crypto::percent_encode(path)))
    }

    fn name(Home { api, path }: &Home, _root: &str) -> String {
        format!("{api}/{path}")
    }

    fn signed(request: Request, token: Option<&Secret>) -> Request {
        match token {
            Some(token) => request.header("private-token", token),
            None => request,
        }
    }

    fn head(client: &Client<Self>, number: u64) -> Result<Option<String>, Failure> {
        version::head(client, number)
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
        _event: &Event,
        from: &str,
        to: &str,
    ) -> Result<ChangePage, Failure> {
        changes::compare(client, from, to)
    }

    fn commit(client: &Client<Self>, sha: &str, from: Option<&str>) -> Result<ChangePage, Failure> {
        changes::commit(client, sha, from)
    }

    /// <https://docs.gitlab.com/api/repository_files/#get-raw-file-from-repository>
    fn file(client: &Client<Self>, path: &str, _encoded: &str, head: &str) -> Request {
        // All of the path is one part of the address.
        let file = crypto::percent_encode(path);
        client
            .get(&format!("/repository/files/{file}/raw"))
            .query("ref", head)
    }

    fn at_lines(
        discussion: &Discussion<'_, Self>,
        problems: &mut Problems,
    ) -> Result<Vec<u32>, Failure> {
        review::at_lines(discussion, problems)
    }

    fn verdict(discussion: &Discussion<'_, Self>, verdict: Decision) -> Option<Request> {
        let client = discussion.client;
        let path = format!("/merge_requests/{}", discussion.number);
        Some(match verdict {
            Decision::Approved => {
                let body = json!({ "sha": discussion.review.head_sha });
                client.post(&format!("{path}/approve")).json(&body)
            }
            Decision::RequestChanges | Decision::Comment => {
                client.post(&format!("{path}/unapprove"))
            }
        })
    }

    /// Also those at lines. <https://docs.gitlab.com/api/notes/>
    fn comments(client: &Client<Self>, number: u64) -> Result<Vec<Remark>, Failure> {
        let notes = client.get(&format!("/merge_requests/{number}/notes"));
        let newest = notes.query("per_page", 100).query("order_by", "created_at");
        remarks(newest.query("sort", "desc").send())
    }

    fn new_comment(client: &Client<Self>, number: u64) -> Request {
        client.post(&format!("/merge_requests/{number}/notes"))
    }

    fn edit_comment(client: &Client<Self>, number: u64, id: &str) -> Request {
        client.put(&format!("/merge_requests/{number}/notes/{id}"))
    }

    fn open(client: &Client<Self>, request: &NewMergeRequest) -> Request {
        merge_requests::open(client, request)
    }

    fn open_ones(client: &Client<Self>, request: &NewMergeRequest) -> Result<Request, Failure> {
        Ok(merge_requests::open_ones(client, request))
    }

    fn told_each(answer: &Response) -> Result<Vec<Told>, Failure> {
        each::<MergeRequest>(answer)
    }

    fn ask_for(client: &Client<Self>, number: u64) -> Request {
        client.get(&format!("/merge_requests/{number}"))
    }

    fn told(answer: &Response) -> Result<Told, Failure> {
        answer.json::<MergeRequest>().map(Told::from)
    }

    fn on_commit(
        client: &Client<Self>,
        review: &Review,
        problems: &mut Problems,
    ) -> Result<Published, Failure> {
        review::on_commit(client, review, problems)
    }

    fn set_status(client: &Client<Self>, head: &str, status: &CommitStatus) -> Result<(), Failure> {
        let state = match status.state {
            StatusState::Pending => "pending",
            StatusState::Success => "success",
            StatusState::Failure | StatusState::Error => "failed",
        };
        let answer = post_status(client, head, status, state, "name")?;
        // It is what it shall be: GitLab takes no state twice in a row.
        if answer.status == 400 && answer.text().contains(&format!("from :{state}")) {
            return Ok(());
        }
        check(answer).map(drop)
    }
}
