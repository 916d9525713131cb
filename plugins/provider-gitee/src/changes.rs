//! What an event changed: the files of a pull request, a comparison or a commit.

use crate::{Gitee, file::File};
use push_notify_sdk::{
    ChangePage, ChangeScope, Failure, FileChange, crypto,
    forge::{Client, Compared, List, Listed, Part, check, compared},
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

/// Gitee documents no pages of this list. Servers that have them say so in a header; for others,
/// the next part carries a mark of this one, by which a server that gives the same for ever is
/// known.
pub(crate) fn pull_request(
    client: &Client<Gitee>,
    number: u64,
    from: Option<&str>,
) -> Result<ChangePage, Failure> {
    let (from, former) = from
        .map(|from| from.split_once('~').unwrap_or((from, "")))
        .unzip();
    let part = Part::of(List::MergeRequest, from)?;
    let former = former.unwrap_or_default();
    let files = format!("/pulls/{number}/files");
    let Some((answer, part)) = client.list(&files, part)? else {
        return Ok(ChangePage::unread(ChangeScope::Whole));
    };
    let answer = check(answer)?;
    let pages = answer.header("total_page");
    let pages: Option<u32> = pages.and_then(|pages| pages.trim().parse().ok());
    let list: Listed<File, MOST_AT_ONCE> = answer.json()?;
    let count = list.entries.len();
    let mut page = listed(list, ChangeScope::Whole);
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

pub(crate) fn compare(client: &Client<Gitee>, from: &str, to: &str) -> Result<ChangePage, Failure> {
    let from = crypto::percent_encode(from);
    match compared(client.get(&format!("/compare/{from}...{to}")))? {
        Compared::Told(answer) => {
            let told: Told = answer.json()?;
            Ok(listed(told.files.unwrap_or_default(), ChangeScope::Whole))
        }
        Compared::Gone => commit(client, to),
        Compared::TooLarge => Ok(ChangePage {
            truncated: true,
            ..commit(client, to)?
        }),
    }
}

pub(crate) fn commit(client: &Client<Gitee>, sha: &str) -> Result<ChangePage, Failure> {
    let scope = ChangeScope::NewestCommit;
    match client.get(&format!("/commits/{sha}")).send() {
        Err(Error::TooLarge) => Ok(ChangePage::unread(scope)),
        answer => {
            let told: Told = check(answer?)?.json()?;
            Ok(listed(told.files.unwrap_or_default(), scope))
        }
    }
}

fn listed(list: Listed<File, MOST_AT_ONCE>, scope: ChangeScope) -> ChangePage {
    ChangePage::listed(list, scope, File::normalised)
}
