//! What an event changed. <https://docs.gitlab.com/api/merge_requests/#list-merge-request-diffs>,
//! <https://docs.gitlab.com/api/repositories/#compare-branches-tags-or-commits>,
//! <https://docs.gitlab.com/api/commits/#get-commit-diff>

use crate::{Gitlab, diff::Diff, version};
use push_notify_sdk::{
    ChangePage, ChangeScope, Failure, FileChange, Omission,
    forge::{Client, Compared, List, Listed, Part, check, compared},
    http::{Error, Response},
};
use serde::Deserialize;

/// Files of a comparison, which GitLab gives all at once.
const MOST_AT_ONCE: usize = 3000;
/// GitLab makes the diffs of a new merge request some seconds after it announced it.
const PREPARING_MS: u64 = 10_000;

pub(crate) fn merge_request(
    client: &Client<Gitlab>,
    number: u64,
    from: Option<&str>,
) -> Result<ChangePage, Failure> {
    let part = Part::of(List::MergeRequest, from)?;
    let request = format!("/merge_requests/{number}");
    let diffs = format!("{request}/diffs");
    let Some((answer, part)) = client.list(&diffs, part)? else {
        return Ok(ChangePage::unread(ChangeScope::Whole));
    };
    if answer.status == 404 && part == Part::first(List::MergeRequest) {
        return all_at_once(client, &request);
    }
    let is_left_out = |file: &FileChange| file.omitted == Some(Omission::TooLarge);
    let mut told = read(answer, part, ChangeScope::Whole)?;
    if told.files.is_empty() && part.page == 1 {
        prepared(client, &request)?;
    }
    // Only a large one can be listed in part.
    let is_large = part.page > 1 || told.files.iter().any(is_left_out);
    if told.next.is_none() && is_large {
        told.truncated |= version::is_cut(client, &request)?;
    }
    Ok(told)
}

/// From a GitLab before 15.7.
fn all_at_once(client: &Client<Gitlab>, request: &str) -> Result<ChangePage, Failure> {
    #[derive(Deserialize)]
    struct Changes {
        changes: Option<Listed<Diff, MOST_AT_ONCE>>,
        overflow: Option<bool>,
    }
    let answer = match client.get(&format!("{request}/changes")).send() {
        Err(Error::TooLarge) => return Ok(ChangePage::unread(ChangeScope::Whole)),
        answer => check(answer?)?,
    };
    let told: Changes = answer.json()?;
    let mut page = ChangePage::listed(
        told.changes.unwrap_or_default(),
        ChangeScope::Whole,
        Diff::normalised,
    );
    page.truncated |= told.overflow == Some(true);
    if page.files.is_empty() {
        prepared(client, request)?;
    }
    Ok(page)
}

/// Fails while GitLab has not yet made the diffs.
fn prepared(client: &Client<Gitlab>, request: &str) -> Result<(), Failure> {
    match version::diff_refs(client, request)? {
        Some(_) => Ok(()),
        None => Err(Failure::retry_after(
            "GitLab has not yet made the merge request's diffs",
            PREPARING_MS,
        )),
    }
}

pub(crate) fn compare(
    client: &Client<Gitlab>,
    from: &str,
    to: &str,
) -> Result<ChangePage, Failure> {
    #[derive(Deserialize)]
    struct Comparison {
        diffs: Option<Listed<Diff, MOST_AT_ONCE>>,
        compare_timeout: Option<bool>,
    }
    let request = client.get("/repository/compare");
    let answer = match compared(request.query("from", from).query("to", to))? {
        Compared::Told(answer) => answer,
        Compared::Gone => return commit(client, to, None),
        Compared::TooLarge => {
            return Ok(ChangePage {
                truncated: true,
                ..commit(client, to, None)?
            });
        }
    };
    let told: Comparison = answer.json()?;
    let mut page = ChangePage::listed(
        told.diffs.unwrap_or_default(),
        ChangeScope::Whole,
        Diff::normalised,
    );
    page.truncated |= told.compare_timeout == Some(true);
    Ok(page)
}

pub(crate) fn commit(
    client: &Client<Gitlab>,
    sha: &str,
    from: Option<&str>,
) -> Result<ChangePage, Failure> {
    let part = Part::of(List::Commit, from)?;
    let scope = ChangeScope::NewestCommit;
    let diff = format!("/repository/commits/{sha}/diff");
    match client.list(&diff, part)? {
        Some((answer, part)) => read(answer, part, scope),
        None => Ok(ChangePage::unread(scope)),
    }
}

fn read(answer: Response, part: Part, scope: ChangeScope) -> Result<ChangePage, Failure> {
    let answer = check(answer)?;
    let list: Listed<Diff, 100> = answer.json()?;
    let has_next = match answer.header("x-next-page") {
        Some(next) => !next.trim().is_empty(),
        // A proxy took it away.
        None => list.entries.len() == part.size as usize,
    };
    let mut page = ChangePage::listed(list, scope, Diff::normalised);
    page.next = has_next.then(|| part.next().to_string());
    Ok(page)
}
