//! What an event changed: the files of a pull request, a comparison or a commit.

use crate::{api::Api, file::File};
use push_notify_sdk::{
    ChangePage, ChangeScope, Event, Failure, FileChange, crypto,
    forge::{List, Listed, Part, Route, check, fetch, is_current},
    http::Error,
};
use serde::Deserialize;

/// Gitee says that it lists no more files of a pull request.
const MOST_LISTED: usize = 300;
/// Files that are read of one answer.
const MOST_AT_ONCE: usize = 3000;

/// What comparisons and commits have in common.
#[derive(Deserialize)]
struct Told {
    files: Option<Listed<File, MOST_AT_ONCE>>,
}

pub(crate) fn changes(api: &Api, event: &Event, from: Option<&str>) -> Result<ChangePage, Failure> {
    match (Route::of(event)?, from) {
        (Route::Nothing, None) => Ok(ChangePage::last(Vec::new(), ChangeScope::Whole)),
        (Route::MergeRequest(number), from) => {
            if from.is_none() {
                is_current(event, api.get(&format!("/pulls/{number}")).send())?;
            }
            pull_request(api, number, from)
        }
        (Route::Compare { from, to }, None) => compare(api, &from, &to),
        (Route::Commit(sha), None) => commit(api, &sha),
        _ => Err(Failure::rejected("the event has no such part")),
    }
}

/// Gitee documents no pages of this list. Servers that have them say so in a header; for others, the next part carries a mark of this one, by
/// which a server that gives the same for ever is known.
fn pull_request(api: &Api, number: u64, from: Option<&str>) -> Result<ChangePage, Failure> {
    let (part, former) = match from.map(|from| from.split_once('~').unwrap_or((from, ""))) {
        None => (Part::first(List::MergeRequest), ""),
        Some((part, mark)) => (Part::parse(part)?, mark),
    };
    if part.list != List::MergeRequest {
        return Err(Failure::rejected("the event has no such part"));
    }
    let files = format!("/pulls/{number}/files");
    let Some((answer, part)) = fetch(part, |part| api.page(&files, part))? else {
        return Ok(ChangePage::unread(ChangeScope::Whole));
    };
    let answer = check(answer)?;
    let pages = answer.header("total_page");
    let pages: Option<u32> = pages.and_then(|pages| pages.trim().parse().ok());
    let list: Listed<File, MOST_AT_ONCE> = answer.json()?;
    let count = list.entries.len();
    let mut page = listed(list);
    let mark = mark(&page.files);
    if !former.is_empty() && former == mark {
        return Ok(ChangePage::unread(ChangeScope::Whole));
    }
    page.next = match pages {
        Some(pages) => (part.page < pages).then(|| part.next().to_string()),
        None => (count == part.size as usize).then(|| format!("{}~{mark}", part.next())),
    };
    let before = (part.page as usize - 1) * part.size as usize;
    page.truncated |= page.next.is_none() && before + count == MOST_LISTED;
    Ok(page)
}

fn mark(files: &[FileChange]) -> String {
    let first = files.first().map_or("", |file| file.path.as_str());
    let mut digest = crypto::hex(crypto::sha256(first));
    digest.truncate(16);
    digest
}

fn compare(api: &Api, from: &str, to: &str) -> Result<ChangePage, Failure> {
    let from = crypto::percent_encode(from);
    let answer = match api.get(&format!("/compare/{from}...{to}")).send() {
        Err(Error::TooLarge) => {
            let mut page = commit(api, to)?;
            page.truncated = true;
            return Ok(page);
        }
        answer => answer?,
    };
    // After a forced push the commit before may be gone.
    if answer.status == 404 {
        return commit(api, to);
    }
    let told: Told = check(answer)?.json()?;
    Ok(listed(told.files.unwrap_or_default()))
}

fn commit(api: &Api, sha: &str) -> Result<ChangePage, Failure> {
    let page = match api.get(&format!("/commits/{sha}")).send() {
        Err(Error::TooLarge) => ChangePage::unread(ChangeScope::NewestCommit),
        answer => {
            let told: Told = check(answer?)?.json()?;
            listed(told.files.unwrap_or_default())
        }
    };
    let scope = ChangeScope::NewestCommit;
    Ok(ChangePage { scope, ..page })
}

fn listed<const MOST: usize>(list: Listed<File, MOST>) -> ChangePage {
    let files = list.entries.into_iter().filter_map(File::normalised);
    ChangePage {
        truncated: list.cut,
        ..ChangePage::last(files.collect(), ChangeScope::Whole)
    }
}
