//! Pull requests of the engine's own.
//! <https://developer.atlassian.com/cloud/bitbucket/rest/api-group-pullrequests/>

use crate::{
    Bitbucket,
    parts::{Branch, Hash, Links},
};
use push_notify_sdk::{
    Failure, NewMergeRequest, RunState,
    delivery::{OWN_STATUS, present},
    forge::{Client, Listed, Told, together, told},
    http::{Request, Response},
};
use serde::Deserialize;
use serde_json::json;

#[derive(Deserialize)]
pub(crate) struct PullRequest {
    id: u64,
    state: Option<String>,
    source: Option<Side>,
    destination: Option<Side>,
    merge_commit: Option<Hash>,
    links: Option<Links>,
}

#[derive(Deserialize)]
struct Side {
    branch: Option<Branch>,
    commit: Option<Hash>,
    repository: Option<Home>,
}

#[derive(PartialEq, Deserialize)]
struct Home {
    full_name: Option<String>,
}

pub(crate) fn open(client: &Client<Bitbucket>, request: &NewMergeRequest) -> Request {
    let branch = |name: &str| json!({ "branch": { "name": name } });
    let body = json!({
        "title": request.title, "description": request.text, "draft": request.draft,
        "source": branch(&request.source_branch), "destination": branch(&request.target_branch),
    });
    client.post("/pullrequests").json(&body)
}

/// <https://developer.atlassian.com/cloud/bitbucket/rest/intro/#filtering>
pub(crate) fn open_ones(client: &Client<Bitbucket>, request: &NewMergeRequest) -> Request {
    let quoted = |name: &str| name.replace('\\', "\\\\").replace('"', "\\\"");
    let source = quoted(&request.source_branch);
    let target = quoted(&request.target_branch);
    let wanted = format!(
        "state = \"OPEN\" AND source.branch.name = \"{source}\" AND destination.branch.name = \"{target}\""
    );
    client.get("/pullrequests").query("q", wanted)
}

pub(crate) fn told_each(answer: &Response) -> Result<Vec<Told>, Failure> {
    #[derive(Deserialize)]
    struct Page {
        values: Option<Listed<PullRequest, 100>>,
    }
    let page: Page = answer.json()?;
    let values = page.values.unwrap_or_default().entries;
    Ok(values.into_iter().map(Told::from).collect())
}

/// The build statuses of its newest commit; ours is none of them.
pub(crate) fn pipeline(
    client: &Client<Bitbucket>,
    number: u64,
) -> Result<Option<RunState>, Failure> {
    #[derive(Deserialize)]
    struct Page {
        values: Option<Listed<Status, 100>>,
    }
    #[derive(Deserialize)]
    struct Status {
        key: Option<String>,
        state: Option<String>,
    }
    let list = client.get(&format!("/pullrequests/{number}/statuses"));
    let page: Option<Page> = told(list.query("pagelen", 100).send())?;
    let listed = page
        .and_then(|page| page.values)
        .unwrap_or_default()
        .entries;
    let state = |status: Status| match status.state.as_deref()? {
        "SUCCESSFUL" => Some(RunState::Succeeded),
        "FAILED" => Some(RunState::Failed),
        "STOPPED" => Some(RunState::Canceled),
        "INPROGRESS" => Some(RunState::Running),
        _ => None,
    };
    let others = listed
        .into_iter()
        .filter(|status| status.key.as_deref() != Some(OWN_STATUS));
    Ok(together(others.filter_map(state)))
}

/// When the commit was made that it was merged by.
pub(crate) fn merged_at(
    client: &Client<Bitbucket>,
    request: &Told,
) -> Result<Option<String>, Failure> {
    #[derive(Deserialize)]
    struct Commit {
        date: Option<String>,
    }
    let Some(sha) = &request.merge_sha else {
        return Ok(None);
    };
    let commit: Option<Commit> = told(client.get(&format!("/commit/{sha}")).send())?;
    Ok(commit.and_then(|commit| present(commit.date)))
}

impl From<PullRequest> for Told {
    fn from(request: PullRequest) -> Self {
        let state = match request.state.as_deref() {
            Some("MERGED") => "merged",
            Some("DECLINED" | "SUPERSEDED") => "closed",
            _ => "open",
        };
        let parts = |side: Option<Side>| match side {
            Some(side) => (
                side.branch.and_then(|it| present(it.name)),
                Hash::of(side.commit),
                side.repository,
            ),
            None => (None, None, None),
        };
        let (source_branch, head_sha, fork) = parts(request.source);
        let (target_branch, _, home) = parts(request.destination);
        Self {
            number: request.id,
            url: Links::page(request.links),
            state,
            source_branch,
            target_branch,
            from_fork: home.is_some() && fork != home,
            head_sha,
            pipeline: None,
            merged_at: None,
            merge_sha: Hash::of(request.merge_commit),
        }
    }
}
