//! How GitHub is spoken to. <https://docs.github.com/rest/using-the-rest-api>

use crate::{Github, changes, link, receive, review};
use push_notify_sdk::{
    ChangePage, Delivery, Event, Failure, Rejection, RunState, Secret, Webhook,
    delivery::concluded,
    forge::{
        Client, Config, Dialect, Discussion, Home, Listed, Problems, Remark, Told, remarks,
        statuses, together, told,
    },
    http::{Error, Request, Response},
};
use serde::Deserialize;

/// GitHub itself has a host for its API.
const GITHUB: &str = "https://api.github.com";
/// As repositories of github.com are cloned; the last one by SSH through the port of HTTPS.
const GITHUB_HOSTS: [&str; 3] = ["github.com", "www.github.com", "ssh.github.com"];
const VERSION: &str = "2022-11-28";
/// What the API is asked for where it shall give a file as it is.
const RAW: &str = "application/vnd.github.raw+json";
/// Comments of a list.
pub(crate) const PAGE: usize = 100;

impl Dialect for Github {
    type Config = Config;

    const HOST: &'static str = "GitHub";
    /// Of GitHub Enterprise Server.
    const API: &'static str = "/api/v3";
    const ACCEPT: Option<&'static str> = Some("application/vnd.github+json");
    const LONGEST_COMMENT: usize = 65_536 - 100;
    const LONGEST_STATUS: usize = 140;

    fn receive(webhook: Webhook, config: Config) -> Result<Delivery, Rejection> {
        receive::receive(webhook, config.webhook_secret.as_ref())
    }

    fn root(home: &Home) -> Result<String, Failure> {
        let origin = home.api.strip_suffix(Self::API);
        let host = origin.and_then(|origin| Some(origin.split_once("://")?.1));
        match host {
            Some(host) if GITHUB_HOSTS.contains(&host) => Home {
                api: GITHUB.to_owned(),
                path: home.path.clone(),
            }
            .repository(),
            _ => home.repository(),
        }
    }

    fn signed(request: Request, token: Option<&Secret>) -> Request {
        let request = request.header("x-github-api-version", VERSION);
        match token {
            Some(token) => request.header("authorization", format!("Bearer {token}")),
            None => request,
        }
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

    /// <https://docs.github.com/rest/repos/contents#get-repository-content>
    fn file(client: &Client<Self>, _path: &str, encoded: &str, head: &str) -> Request {
        client
            .get_as(RAW, &format!("/contents/{encoded}"))
            .query("ref", head)
    }

    /// A folder and a submodule are told as JSON, a file as itself.
    fn is_no_file(answer: &Response) -> bool {
        let kind = answer.header("content-type").unwrap_or_default();
        match answer.status {
            200 => kind.starts_with("application/json"),
            // Of files beyond 100 MB.
            403 => answer.text().contains("too_large"),
            _ => false,
        }
    }

    fn at_lines(
        discussion: &Discussion<'_, Self>,
        problems: &mut Problems,
    ) -> Result<Vec<u32>, Failure> {
        review::at_lines(discussion, problems)
    }

    /// The last page, since GitHub lists them from the oldest on.
    /// <https://docs.github.com/rest/issues/comments>
    fn comments(client: &Client<Self>, number: u64) -> Result<Vec<Remark>, Failure> {
        let comments = format!("/issues/{number}/comments");
        let page = |page: &str| {
            let request = client.get(&comments).query("per_page", PAGE);
            request.query("page", page).send()
        };
        let first = page("1");
        let last = first
            .as_ref()
            .ok()
            .and_then(|answer| link::page(answer, "last"));
        match last {
            Some(last) => remarks(page(&last)),
            None => remarks(first),
        }
    }

    fn new_comment(client: &Client<Self>, number: u64) -> Request {
        client.post(&format!("/issues/{number}/comments"))
    }

    /// Statuses, and the checks of apps. <https://docs.github.com/rest/checks/runs>
    fn pipeline(client: &Client<Self>, told: &Told) -> Result<Option<RunState>, Failure> {
        let Some(head) = &told.head_sha else {
            return Ok(None);
        };
        let of_head = |list: &str| client.get(&format!("/commits/{head}/{list}"));
        let statuses = statuses(of_head("status").query("per_page", PAGE).send())?;
        let checks = checks(of_head("check-runs").query("per_page", PAGE).send())?;
        Ok(together(statuses.into_iter().chain(checks)))
    }

    fn edit_comment(client: &Client<Self>, _number: u64, id: &str) -> Request {
        client.patch(&format!("/issues/comments/{id}"))
    }
}

fn checks(answer: Result<Response, Error>) -> Result<Vec<RunState>, Failure> {
    #[derive(Deserialize)]
    struct Checks {
        check_runs: Option<Listed<Check, PAGE>>,
    }
    #[derive(Deserialize)]
    struct Check {
        status: Option<String>,
        conclusion: Option<String>,
    }
    let checks: Option<Checks> = told(answer)?;
    let checks = checks
        .and_then(|checks| checks.check_runs)
        .unwrap_or_default();
    let state = |check: Check| match (check.status.as_deref(), check.conclusion.as_deref()) {
        (Some("completed"), Some("skipped")) => Some(RunState::Skipped),
        (Some("completed"), conclusion) => concluded(conclusion?).ok(),
        (Some("in_progress"), _) => Some(RunState::Running),
        (Some(_), _) => Some(RunState::Pending),
        (None, _) => None,
    };
    Ok(checks.entries.into_iter().filter_map(state).collect())
}
