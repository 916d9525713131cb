//! What an event changed. <https://docs.github.com/rest/pulls/pulls#list-pull-requests-files>,
//! <https://docs.github.com/rest/commits/commits>

use crate::{api::Api, file::File, link};
use push_notify_sdk::{
    ChangePage, ChangeScope, Event, Failure,
    forge::{List, Listed, Part, Route, check, fetch, is_current},
    http::{Error, Response},
};
use serde::Deserialize;

/// GitHub lists no more files of a merge request or a commit.
const MOST_FILES: u32 = 3000;
/// And of a comparison, all on its first page.
const MOST_COMPARED: usize = 300;

type Files = Listed<File, { MOST_FILES as usize }>;

/// Of a commit and of a comparison.
#[derive(Deserialize)]
struct WithFiles {
    files: Option<Files>,
}

pub(crate) fn changes(api: &Api, event: &Event, from: Option<&str>) -> Result<ChangePage, Failure> {
    let part = from.map(Part::parse).transpose()?;
    let at = |list| part.unwrap_or(Part::first(list));
    match (Route::of(event)?, part.map(|part| part.list)) {
        (Route::Nothing, None) => Ok(ChangePage::last(Vec::new(), ChangeScope::Whole)),
        (Route::MergeRequest(number), None | Some(List::MergeRequest)) => {
            if from.is_none() {
                is_current(event, api.get(&format!("/pulls/{number}")).send())?;
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
    let path = format!("/pulls/{number}/files");
    listed(api, &path, part, ChangeScope::Whole, |answer| answer.json())
}

fn commit(api: &Api, sha: &str, part: Part) -> Result<ChangePage, Failure> {
    let path = format!("/commits/{sha}");
    listed(api, &path, part, ChangeScope::NewestCommit, |answer| {
        Ok(answer.json::<WithFiles>()?.files.unwrap_or_default())
    })
}

fn compare(api: &Api, from: &str, to: &str) -> Result<ChangePage, Failure> {
    let newest = || commit(api, to, Part::first(List::Commit));
    // A branch's name may have slashes, and they are a part of it.
    let from = push_notify_sdk::crypto::percent_encode(from);
    // Its pages are of commits, of which one is enough.
    let request = api.get(&format!("/compare/{from}...{to}"));
    let answer = match request.query("per_page", 1).query("page", 1).send() {
        Err(Error::TooLarge) => return newest(),
        answer => answer?,
    };
    // After a forced push the commit before may be gone.
    if answer.status == 404 {
        return newest();
    }
    let told: WithFiles = check(answer)?.json()?;
    let files = told.files.unwrap_or_default();
    let truncated = files.entries.len() >= MOST_COMPARED;
    Ok(ChangePage {
        truncated,
        ..page(files, ChangeScope::Whole)
    })
}

fn listed(
    api: &Api,
    path: &str,
    part: Part,
    scope: ChangeScope,
    read: impl Fn(&Response) -> Result<Files, Failure>,
) -> Result<ChangePage, Failure> {
    let ask = |part: Part| {
        let request = api.get(path).query("page", part.page);
        request.query("per_page", part.size)
    };
    let Some((answer, part)) = fetch(part, ask)? else {
        return Ok(ChangePage::unread(scope));
    };
    let answer = check(answer)?;
    let files = read(&answer)?;
    let is_full = files.entries.len() == part.size as usize;
    let told = page(files, scope);
    let reached = part.page.saturating_mul(part.size);
    // Without the header it is the only page, or a proxy took it away.
    let has_next = link::has_next(&answer).unwrap_or(is_full && reached < MOST_FILES);
    let has_next = has_next && !told.files.is_empty();
    Ok(ChangePage {
        next: has_next.then(|| part.next().to_string()),
        truncated: told.truncated || (!has_next && reached >= MOST_FILES),
        ..told
    })
}

fn page(files: Files, scope: ChangeScope) -> ChangePage {
    let truncated = files.cut;
    let files = files.entries.into_iter().filter_map(File::normalised);
    ChangePage {
        truncated,
        ..ChangePage::last(files.collect(), scope)
    }
}
