//! What an event changed. <https://docs.gitlab.com/api/merge_requests/#list-merge-request-diffs>,
//! <https://docs.gitlab.com/api/repositories/#compare-branches-tags-or-commits>,
//! <https://docs.gitlab.com/api/commits/#get-commit-diff>

use crate::{api::Api, diff::Diff, version};
use push_notify_sdk::{
    ChangePage, ChangeScope, Event, Failure, FileChange, Omission,
    forge::{List, Listed, Part, Route, check, fetch},
    http::{Error, Response},
};
use serde::Deserialize;

/// Files of a comparison, which GitLab gives all at once.
const MOST_AT_ONCE: usize = 3000;
/// GitLab makes the diffs of a new merge request some seconds after it announced it.
const PREPARING_MS: u64 = 10_000;

pub(crate) fn changes(api: &Api, event: &Event, from: Option<&str>) -> Result<ChangePage, Failure> {
    let part = from.map(Part::parse).transpose()?;
    let at = |list| part.unwrap_or(Part::first(list));
    match (Route::of(event)?, part.map(|part| part.list)) {
        (Route::Nothing, None) => Ok(ChangePage::last(Vec::new(), ChangeScope::Whole)),
        (Route::MergeRequest(number), None | Some(List::MergeRequest)) => {
            if from.is_none() {
                version::is_current(api, number, event)?;
            }
            merge_request(api, number, at(List::MergeRequest))
        }
        (Route::Compare { from, to }, None) => compare(api, &from, &to),
        (Route::Commit(sha) | Route::Compare { to: sha, .. }, None | Some(List::Commit)) => {
            commit(api, &sha, at(List::Commit))
        }
        _ => Err(Failure::rejected("the event has no such part")),
    }
}

fn merge_request(api: &Api, number: u64, part: Part) -> Result<ChangePage, Failure> {
    let request = format!("/merge_requests/{number}");
    let diffs = format!("{request}/diffs");
    let Some((answer, part)) = fetch(part, |part| api.page(&diffs, part))? else {
        return Ok(ChangePage::unread(ChangeScope::Whole));
    };
    if answer.status == 404 && part == Part::first(List::MergeRequest) {
        return all_at_once(api, &request);
    }
    let is_left_out = |file: &FileChange| file.omitted == Some(Omission::TooLarge);
    let mut told = read(answer, part, ChangeScope::Whole)?;
    if told.files.is_empty() && part.page == 1 {
        prepared(api, &request)?;
    }
    // Only a large one can be listed in part.
    let is_large = part.page > 1 || told.files.iter().any(is_left_out);
    if told.next.is_none() && is_large {
        told.truncated |= version::is_cut(api, &request)?;
    }
    Ok(told)
}

/// From a GitLab before 15.7.
fn all_at_once(api: &Api, request: &str) -> Result<ChangePage, Failure> {
    #[derive(Deserialize)]
    struct Changes {
        changes: Option<Listed<Diff, MOST_AT_ONCE>>,
        overflow: Option<bool>,
    }
    let answer = match api.get(&format!("{request}/changes")).send() {
        Err(Error::TooLarge) => return Ok(ChangePage::unread(ChangeScope::Whole)),
        answer => check(answer?)?,
    };
    let told: Changes = answer.json()?;
    let mut page = listed(told.changes.unwrap_or_default(), ChangeScope::Whole);
    page.truncated |= told.overflow == Some(true);
    if page.files.is_empty() {
        prepared(api, request)?;
    }
    Ok(page)
}

/// Fails while GitLab has not yet made the diffs.
fn prepared(api: &Api, request: &str) -> Result<(), Failure> {
    match version::diff_refs(api, request)? {
        Some(_) => Ok(()),
        None => Err(Failure::retry_after(
            "GitLab has not yet made the merge request's diffs",
            PREPARING_MS,
        )),
    }
}

fn compare(api: &Api, from: &str, to: &str) -> Result<ChangePage, Failure> {
    #[derive(Deserialize)]
    struct Comparison {
        diffs: Option<Listed<Diff, MOST_AT_ONCE>>,
        compare_timeout: Option<bool>,
    }
    let newest = || commit(api, to, Part::first(List::Commit));
    let request = api.get("/repository/compare");
    let answer = match request.query("from", from).query("to", to).send() {
        Err(Error::TooLarge) => {
            let mut page = newest()?;
            page.truncated = true;
            return Ok(page);
        }
        answer => answer?,
    };
    // After a forced push the commit before may be gone.
    if answer.status == 404 {
        return newest();
    }
    let told: Comparison = check(answer)?.json()?;
    let mut page = listed(told.diffs.unwrap_or_default(), ChangeScope::Whole);
    page.truncated |= told.compare_timeout == Some(true);
    Ok(page)
}

fn commit(api: &Api, sha: &str, part: Part) -> Result<ChangePage, Failure> {
    let scope = ChangeScope::NewestCommit;
    let diff = format!("/repository/commits/{sha}/diff");
    match fetch(part, |part| api.page(&diff, part))? {
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
    let mut page = listed(list, scope);
    page.next = has_next.then(|| part.next().to_string());
    Ok(page)
}

fn listed<const MOST: usize>(list: Listed<Diff, MOST>, scope: ChangeScope) -> ChangePage {
    let files = list.entries.into_iter().filter_map(Diff::normalised);
    ChangePage {
        truncated: list.cut,
        ..ChangePage::last(files.collect(), scope)
    }
}
