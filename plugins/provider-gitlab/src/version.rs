//! The versions of a merge request's diff: one for each push to it. A comment at a line names the
//! three commits of one.
//! <https://docs.gitlab.com/api/merge_requests/#get-merge-request-diff-versions>

use crate::Gitlab;
use push_notify_sdk::{
    Failure,
    forge::{Client, Listed, check, told},
};
use serde::Deserialize;

#[derive(Deserialize)]
struct Version {
    head_commit_sha: Option<String>,
    base_commit_sha: Option<String>,
    start_commit_sha: Option<String>,
    state: Option<String>,
    /// Number of files, with a `+` where there are more than GitLab keeps.
    real_size: Option<String>,
}

/// The commits that a diff is between.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct Refs {
    pub(crate) base_sha: Option<String>,
    pub(crate) start_sha: Option<String>,
    pub(crate) head_sha: Option<String>,
}

impl Version {
    fn is_cut(&self) -> bool {
        let state = self.state.as_deref().unwrap_or_default();
        let size = self.real_size.as_deref().unwrap_or_default();
        state.starts_with("overflow") || state == "timeout" || size.ends_with('+')
    }
}

/// The newest commit of a merge request.
pub(crate) fn head(client: &Client<Gitlab>, number: u64) -> Result<Option<String>, Failure> {
    #[derive(Deserialize)]
    struct MergeRequest {
        sha: Option<String>,
    }
    let answer = client.get(&format!("/merge_requests/{number}")).send();
    let request: Option<MergeRequest> = told(answer)?;
    Ok(request.and_then(|request| request.sha))
}

/// Whether GitLab keeps only a part of the newest diff.
pub(crate) fn is_cut(client: &Client<Gitlab>, request: &str) -> Result<bool, Failure> {
    match all(client, request) {
        Ok(versions) => Ok(versions.first().is_some_and(Version::is_cut)),
        Err(Failure::Retry(retry)) => Err(Failure::Retry(retry)),
        // A project that does not tell is none that has no diff.
        Err(_) => Ok(false),
    }
}

/// Those of the version that ends at `head`.
pub(crate) fn refs(
    client: &Client<Gitlab>,
    request: &str,
    head: &str,
) -> Result<Option<Refs>, Failure> {
    let is_head = |sha: &Option<String>| {
        sha.as_deref()
            .is_some_and(|sha| sha.eq_ignore_ascii_case(head))
    };
    let mut versions = all(client, request)?.into_iter();
    let version = versions.find(|version| is_head(&version.head_commit_sha));
    let refs = match version {
        Some(version) => Some(Refs {
            base_sha: version.base_commit_sha,
            start_sha: version.start_commit_sha,
            head_sha: version.head_commit_sha,
        }),
        None => diff_refs(client, request)?.filter(|refs| is_head(&refs.head_sha)),
    };
    // Without all three, GitLab answers 500.
    Ok(refs.filter(|refs| refs.base_sha.is_some() && refs.start_sha.is_some()))
}

/// Those of the newest version. None while GitLab makes it.
pub(crate) fn diff_refs(client: &Client<Gitlab>, request: &str) -> Result<Option<Refs>, Failure> {
    #[derive(Deserialize)]
    struct MergeRequest {
        diff_refs: Option<Refs>,
    }
    let answer: MergeRequest = check(client.get(request).send()?)?.json()?;
    Ok(answer.diff_refs)
}

/// The newest first.
fn all(client: &Client<Gitlab>, request: &str) -> Result<Vec<Version>, Failure> {
    let versions = client.get(&format!("{request}/versions"));
    let answer = check(versions.query("per_page", 100).send()?)?;
    Ok(answer.json::<Listed<Version, 100>>()?.entries)
}
