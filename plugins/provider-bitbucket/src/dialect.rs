//! How Bitbucket is spoken to. <https://developer.atlassian.com/cloud/bitbucket/rest/intro/>

use crate::{
    Bitbucket, changes,
    merge_requests::{self, PullRequest},
    parts::Hash,
    receive, review,
};
use push_notify_sdk::{
    ChangePage, CommitStatus, Decision, Delivery, Event, Failure, NewMergeRequest, Rejection,
    RunState, Secret, StatusState, Webhook,
    delivery::{LINK_DEFINITION, OWN_STATUS},
    forge::{Client, Config, Dialect, Discussion, Home, Problems, Remark, Told, check, told},
    http::{Request, Response},
};
use serde::Deserialize;
use serde_json::{Value, json};

/// Bitbucket has a host of its own for its API.
const BITBUCKET: &str = "https://api.bitbucket.org/2.0";
/// As repositories are cloned; the last one by SSH through the port of HTTPS.
const HOSTS: [&str; 3] = ["bitbucket.org", "www.bitbucket.org", "altssh.bitbucket.org"];

impl Dialect for Bitbucket {
    type Config = Config;

    const HOST: &'static str = "Bitbucket";
    const API: &'static str = "/2.0";
    /// It shows comments of HTML.
    const MARK: (&'static str, &'static str) = LINK_DEFINITION;
    const LONGEST_COMMENT: usize = 32_768 - 100;

    fn receive(webhook: Webhook, config: Config) -> Result<Delivery, Rejection> {
        receive::receive(webhook, config.webhook_secret.as_ref())
    }

    fn root(home: &Home) -> Result<String, Failure> {
        let origin = home.api.strip_suffix(Self::API);
        let host = origin.and_then(|origin| Some(origin.split_once("://")?.1));
        let api = match host {
            Some(host) if HOSTS.contains(&host) => BITBUCKET,
            _ => &home.api,
        };
        home.repository_below(&format!("{api}/repositories"))
    }

    fn signed(request: Request, token: Option<&Secret>) -> Request {
        match token {
            Some(token) => request.header("authorization", format!("Bearer {token}")),
            None => request,
        }
    }

    fn head(client: &Client<Self>, number: u64) -> Result<Option<String>, Failure> {
        #[derive(Deserialize)]
        struct Ends {
            source: Option<Source>,
        }
        #[derive(Deserialize)]
        struct Source {
            commit: Option<Hash>,
        }
        let ends: Option<Ends> = told(Self::ask_for(client, number).send())?;
        Ok(ends.and_then(|ends| Hash::of(ends.source?.commit)))
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

    fn file(client: &Client<Self>, _path: &str, encoded: &str, head: &str) -> Request {
        client.get(&format!("/src/{head}/{encoded}"))
    }

    fn at_lines(
        discussion: &Discussion<'_, Self>,
        problems: &mut Problems,
    ) -> Result<Vec<u32>, Failure> {
        review::at_lines(discussion, problems)
    }

    fn verdict(discussion: &Discussion<'_, Self>, verdict: Decision) -> Option<Request> {
        let client = discussion.client;
        let path = format!("/pullrequests/{}", discussion.number);
        Some(match verdict {
            Decision::Approved => client.post(&format!("{path}/approve")),
            Decision::RequestChanges => client.post(&format!("{path}/request-changes")),
            Decision::Comment => client.delete(&format!("{path}/approve")),
        })
    }

    fn comments(client: &Client<Self>, number: u64) -> Result<Vec<Remark>, Failure> {
        review::comments(client, number)
    }

    fn comment(text: &str) -> Value {
        json!({ "content": { "raw": text } })
    }

    fn new_comment(client: &Client<Self>, number: u64) -> Request {
        client.post(&format!("/pullrequests/{number}/comments"))
    }

    fn edit_comment(client: &Client<Self>, number: u64, id: &str) -> Request {
        client.put(&format!("/pullrequests/{number}/comments/{id}"))
    }

    fn new_commit_comment(client: &Client<Self>, head: &str) -> Request {
        client.post(&format!("/commit/{head}/comments"))
    }

    fn edit_commit_comment(client: &Client<Self>, head: &str, id: &str) -> Request {
        client.put(&format!("/commit/{head}/comments/{id}"))
    }

    fn open(client: &Client<Self>, request: &NewMergeRequest) -> Request {
        merge_requests::open(client, request)
    }

    fn open_ones(client: &Client<Self>, request: &NewMergeRequest) -> Result<Request, Failure> {
        Ok(merge_requests::open_ones(client, request))
    }

    fn told_each(answer: &Response) -> Result<Vec<Told>, Failure> {
        merge_requests::told_each(answer)
    }

    fn ask_for(client: &Client<Self>, number: u64) -> Request {
        client.get(&format!("/pullrequests/{number}"))
    }

    fn told(answer: &Response) -> Result<Told, Failure> {
        answer.json::<PullRequest>().map(Told::from)
    }

    fn pipeline(client: &Client<Self>, told: &Told) -> Result<Option<RunState>, Failure> {
        merge_requests::pipeline(client, told.number)
    }

    fn merged_at(client: &Client<Self>, told: &Told) -> Result<Option<String>, Failure> {
        merge_requests::merged_at(client, told)
    }

    /// <https://developer.atlassian.com/cloud/bitbucket/rest/api-group-commit-statuses/>
    fn set_status(client: &Client<Self>, head: &str, status: &CommitStatus) -> Result<(), Failure> {
        let state = match status.state {
            StatusState::Pending => "INPROGRESS",
            StatusState::Success => "SUCCESSFUL",
            StatusState::Failure => "FAILED",
            StatusState::Error => "STOPPED",
        };
        // It takes none without an address.
        let page = || {
            format!(
                "https://bitbucket.org/{}/commits/{head}",
                client.home().path
            )
        };
        let body = json!({
            "key": OWN_STATUS, "name": OWN_STATUS, "state": state,
            "description": status.description, "url": status.url.clone().unwrap_or_else(page),
        });
        let request = client.post(&format!("/commit/{head}/statuses/build"));
        check(request.json(&body).send()?).map(drop)
    }
}
