//! What an event changed, as one diff.
//! <https://docs.gitea.com/api/#tag/repository/operation/repoDownloadPullDiffOrPatch>

use crate::{api::Api, diff, file::File};
use push_notify_sdk::{
    ChangePage, ChangeScope, Event, Failure, crypto,
    delivery::{excerpt, is_zero},
    forge::{List, Listed, Part, Route, check, is_current},
    http::{Error, Response},
};
use serde::Deserialize;

/// Most files on a page of these hosts' lists.
const PAGE: u32 = 50;
/// Most files of a commit.
const MOST_FILES: usize = 10_000;

pub(crate) fn changes(api: &Api, event: &Event, from: Option<&str>) -> Result<ChangePage, Failure> {
    let part = from.map(Part::parse).transpose()?;
    match (Route::of(event)?, part) {
        (Route::Nothing, None) => Ok(ChangePage::last(Vec::new(), ChangeScope::Whole)),
        (Route::MergeRequest(number), None) => {
            is_current(event, api.get(&format!("/pulls/{number}")).send())?;
            merge_request(api, number)
        }
        (Route::MergeRequest(number), Some(part)) if part.list == List::MergeRequest => {
            names(api, number, part)
        }
        (Route::Compare { to, .. }, None) if is_one_commit(event) => {
            commit(api, &to, ChangeScope::Whole)
        }
        (Route::Compare { from, to }, None) => compare(api, &from, &to),
        (Route::Commit(sha), None) => commit(api, &sha, ChangeScope::NewestCommit),
        _ => Err(Failure::rejected("the event has no such part")),
    }
}

/// What a push of one commit changed is what that commit changed.
fn is_one_commit(event: &Event) -> bool {
    let before = event.before.as_deref();
    event.total_commits == Some(1) && before.is_some_and(|before| !is_zero(before))
}

fn merge_request(api: &Api, number: u64) -> Result<ChangePage, Failure> {
    match api.get(&format!("/pulls/{number}.diff")).send() {
        Err(Error::TooLarge) => {
            let part = Part::first(List::MergeRequest);
            names(api, number, Part { size: PAGE, ..part })
        }
        answer => whole(check(answer?)?, ChangeScope::Whole),
    }
}

/// Of a merge request whose diff is too large, in pages.
fn names(api: &Api, number: u64, part: Part) -> Result<ChangePage, Failure> {
    let request = api.get(&format!("/pulls/{number}/files"));
    let request = request.query("page", part.page).query("limit", part.size);
    let answer = check(request.send()?)?;
    let header = |name| answer.header(name).map(str::trim);
    let files: Listed<File, { PAGE as usize }> = answer.json()?;
    let total = header("x-total-count").and_then(|total| total.parse::<u32>().ok());
    let reached = part.page.saturating_mul(part.size);
    let is_full = files.entries.len() == part.size as usize;
    let has_next = match (header("x-hasmore"), total) {
        (Some(more), _) => more == "true",
        (None, Some(total)) => total > reached,
        // A proxy took them away.
        (None, None) => is_full,
    };
    let next = (has_next && !files.entries.is_empty()).then(|| part.next().to_string());
    Ok(ChangePage {
        next,
        ..listed(files, ChangeScope::Whole)
    })
}

fn compare(api: &Api, from: &str, to: &str) -> Result<ChangePage, Failure> {
    let between = format!("/compare/{}...{to}", crypto::percent_encode(from));
    // Only recent versions of Gitea have it at their API. Others answer with a list of commits, and have it among the pages, which they
    // show to no token.
    let asked = api.get(&between).query("output", "diff");
    let page = api.page(&format!("{between}.diff"));
    for request in [Some(asked), page].into_iter().flatten() {
        let answer = match request.send() {
            Err(Error::TooLarge) => continue,
            answer => answer?,
        };
        match answer.status {
            200 => {
                if let Ok(page) = whole(answer, ChangeScope::Whole) {
                    return Ok(page);
                }
            }
            429 | 502..=504 => drop(check(answer)?),
            // After a forced push the commit before may be gone, or have nothing in common with what is there now.
            _ => {}
        }
    }
    commit(api, to, ChangeScope::NewestCommit)
}

fn commit(api: &Api, sha: &str, scope: ChangeScope) -> Result<ChangePage, Failure> {
    #[derive(Deserialize)]
    struct Commit {
        files: Option<Listed<File, MOST_FILES>>,
    }
    match api.get(&format!("/git/commits/{sha}.diff")).send() {
        Err(Error::TooLarge) => {
            let answer = check(api.get(&format!("/git/commits/{sha}")).send()?)?;
            let told: Commit = answer.json()?;
            Ok(listed(told.files.unwrap_or_default(), scope))
        }
        answer => whole(check(answer?)?, scope),
    }
}

/// All files of a diff, which are one part.
fn whole(answer: Response, scope: ChangeScope) -> Result<ChangePage, Failure> {
    let text = diff::text(answer.body);
    let split = diff::split(&text).ok_or_else(|| unread(&text))?;
    Ok(ChangePage {
        truncated: split.cut,
        ..ChangePage::last(split.files, scope)
    })
}

fn listed<const MOST: usize>(files: Listed<File, MOST>, scope: ChangeScope) -> ChangePage {
    let truncated = files.cut;
    let files = files.entries.into_iter().filter_map(File::normalised);
    ChangePage {
        truncated,
        ..ChangePage::last(files.collect(), scope)
    }
}

/// Like an answer that should be JSON and is not: a proxy's error page, or half of it.
fn unread(text: &str) -> Failure {
    let start = excerpt(text);
    Failure::retry(format!(
        "the host answered something else than a diff: {start}"
    ))
}
