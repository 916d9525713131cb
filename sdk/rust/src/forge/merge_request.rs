//! Merge requests of the engine's own: opened, and looked after.

use super::{Client, Dialect, Listed, check, inert, shortened, told};
use crate::{
    Failure, MergeRequestStatus, NewMergeRequest, RunState,
    delivery::{OWN_STATUS, present},
    http::{Error, Response},
};
use serde::{Deserialize, de::DeserializeOwned};

/// Longest title that hosts take, in characters.
const LONGEST_TITLE: usize = 255;

/// A merge request, as a host's API tells of it.
#[derive(Debug, Clone, Default)]
pub struct Told {
    pub number: u64,
    pub url: Option<String>,
    /// `open`, `closed` or `merged`.
    pub state: &'static str,
    pub source_branch: Option<String>,
    pub target_branch: Option<String>,
    /// Its source branch is one of another repository, or of one that is gone.
    pub from_fork: bool,
    pub head_sha: Option<String>,
    /// Where the host tells it along with the rest.
    pub pipeline: Option<RunState>,
    /// RFC 3339.
    pub merged_at: Option<String>,
    /// The commit that it was merged by.
    pub merge_sha: Option<String>,
}

/// As GitHub and its kin write it.
#[derive(Debug, Deserialize)]
pub(super) struct PullRequest {
    number: u64,
    html_url: Option<String>,
    state: Option<String>,
    merged: Option<bool>,
    merged_at: Option<String>,
    head: Option<Side>,
    base: Option<Side>,
}

#[derive(Debug, Default, Deserialize)]
struct Side {
    #[serde(rename = "ref")]
    branch: Option<String>,
    sha: Option<String>,
    repo: Option<Repo>,
}

#[derive(Debug, PartialEq, Deserialize)]
struct Repo {
    full_name: Option<String>,
}

impl From<PullRequest> for Told {
    fn from(request: PullRequest) -> Self {
        let merged_at = present(request.merged_at);
        let is_merged = request.merged == Some(true) || merged_at.is_some();
        let state = match request.state.as_deref() {
            Some("merged") => "merged",
            Some("closed") if is_merged => "merged",
            Some("closed") => "closed",
            _ => "open",
        };
        let head = request.head.unwrap_or_default();
        let base = request.base.unwrap_or_default();
        Self {
            number: request.number,
            url: present(request.html_url),
            state,
            source_branch: present(head.branch),
            target_branch: present(base.branch),
            from_fork: base.repo.is_some() && head.repo != base.repo,
            head_sha: present(head.sha),
            pipeline: None,
            merged_at,
            merge_sha: None,
        }
    }
}

/// What a list of `T` tells of. Hosts answer with pages of at most a hundred.
pub fn each<T: DeserializeOwned + Into<Told>>(answer: &Response) -> Result<Vec<Told>, Failure> {
    let list: Listed<T, 100> = answer.json()?;
    Ok(list.entries.into_iter().map(T::into).collect())
}

pub(super) fn open<D: Dialect>(
    client: &Client<D>,
    request: NewMergeRequest,
) -> Result<MergeRequestStatus, Failure> {
    client.writer()?;
    let before = if request.draft { D::DRAFT } else { "" };
    let title = request.title.replace(char::is_control, " ");
    let title = format!("{before}{}", title.trim());
    let request = NewMergeRequest {
        title: shortened(&title, LONGEST_TITLE).into_owned(),
        text: shortened(&inert(&request.text), D::LONGEST_COMMENT).into_owned(),
        ..request
    };
    let answer = D::open(client, &request).send()?;
    let told = match answer.status {
        // There may be one of these branches, which each host says in words of its own.
        400 | 409 | 422 => match there_is(client, &request)? {
            Some(told) => told,
            None => return Err(refused(answer)),
        },
        404 => return Err(not_there(client, &request)?),
        _ => D::told(&check(answer)?)?,
    };
    status_of(client, told)
}

/// The open one of these branches. A fork's branch of the same name is another one.
fn there_is<D: Dialect>(
    client: &Client<D>,
    request: &NewMergeRequest,
) -> Result<Option<Told>, Failure> {
    let asked = D::open_ones(client, request)?.send();
    let answer = match asked.map_err(Failure::from).and_then(check) {
        Ok(answer) => answer,
        Err(Failure::Retry(retry)) => return Err(Failure::Retry(retry)),
        // What the host said first is the reason.
        Err(_) => return Ok(None),
    };
    let is_it = |told: &Told| {
        told.state == "open"
            && !told.from_fork
            && told.source_branch.as_ref() == Some(&request.source_branch)
            && told.target_branch.as_ref() == Some(&request.target_branch)
    };
    Ok(D::told_each(&answer)?.into_iter().find(is_it))
}

fn refused(answer: Response) -> Failure {
    match check(answer) {
        Err(failure) => failure,
        Ok(_) => Failure::rejected("the host opened no merge request"),
    }
}

/// What a host means that does not find something: a branch, or all of the repository.
fn not_there<D: Dialect>(
    client: &Client<D>,
    request: &NewMergeRequest,
) -> Result<Failure, Failure> {
    client.probe()?;
    let (source, target) = (&request.source_branch, &request.target_branch);
    Ok(Failure::rejected(format!(
        "the host does not know the branches {source} and {target} (HTTP 404)"
    )))
}

pub(super) fn status<D: Dialect>(
    client: &Client<D>,
    number: u64,
) -> Result<Option<MergeRequestStatus>, Failure> {
    let answer = D::ask_for(client, number).send()?;
    if answer.status == 404 {
        // So that a token that lost its rights does not look like a merge request that is gone.
        return client.probe().map(|()| None);
    }
    let told = D::told(&check(answer)?)?;
    status_of(client, told).map(Some)
}

fn status_of<D: Dialect>(client: &Client<D>, told: Told) -> Result<MergeRequestStatus, Failure> {
    let pipeline = match told.pipeline {
        Some(state) => Some(state),
        None => D::pipeline(client, &told)?,
    };
    let merged_at = match told.merged_at.clone().filter(|_| told.state == "merged") {
        None if told.state == "merged" => D::merged_at(client, &told)?,
        merged_at => merged_at,
    };
    Ok(MergeRequestStatus {
        number: told.number,
        url: told.url,
        state: told.state.to_owned(),
        head_sha: told.head_sha,
        pipeline,
        merged_at,
    })
}

/// All of them together: one that failed makes the whole fail, and what still runs keeps it from
/// being done.
pub fn together(states: impl IntoIterator<Item = RunState>) -> Option<RunState> {
    let weight = |state: &RunState| match state {
        RunState::Failed => 6,
        RunState::Canceled => 5,
        RunState::Blocked => 4,
        RunState::Running => 3,
        RunState::Pending => 2,
        RunState::Succeeded => 1,
        RunState::Skipped => 0,
    };
    states.into_iter().max_by_key(weight)
}

/// What the statuses of a commit say, as GitHub and Gitea list them; ours is none of them.
pub fn statuses(answer: Result<Response, Error>) -> Result<Vec<RunState>, Failure> {
    #[derive(Deserialize)]
    struct Combined {
        statuses: Option<Listed<Status, 100>>,
    }
    #[derive(Deserialize)]
    struct Status {
        context: Option<String>,
        state: Option<String>,
        /// As Gitea calls it.
        status: Option<String>,
    }
    let combined: Option<Combined> = told(answer)?;
    let listed = combined.and_then(|combined| combined.statuses);
    let listed = listed.unwrap_or_default().entries.into_iter();
    let state = |status: Status| match status.state.or(status.status)?.as_str() {
        "success" | "warning" => Some(RunState::Succeeded),
        "failure" | "error" => Some(RunState::Failed),
        "pending" => Some(RunState::Running),
        "skipped" => Some(RunState::Skipped),
        _ => None,
    };
    let others = listed.filter(|status| status.context.as_deref() != Some(OWN_STATUS));
    Ok(others.filter_map(state).collect())
}
