//! What an event changed, as one diff.
//! <https://docs.gitea.com/api/#tag/repository/operation/repoDownloadPullDiffOrPatch>

use crate::{Gitea, file::File};
use push_notify_sdk::{
    ChangePage, ChangeScope, Event, Failure, crypto,
    delivery::{excerpt, is_zero},
    forge::{Client, Dialect, List, Listed, Part, check, diff},
    http::{Error, Response},
};
use serde::Deserialize;

/// Most files on a page of these hosts' lists.
const PAGE: u32 = 50;
/// Most files of a commit.
const MOST_FILES: usize = 10_000;

pub(crate) fn merge_request(
    client: &Client<Gitea>,
    number: u64,
    from: Option<&str>,
) -> Result<ChangePage, Failure> {
    if from.is_some() {
        return names(client, number, Part::of(List::MergeRequest, from)?);
    }
    match client.get(&format!("/pulls/{number}.diff")).send() {
        Err(Error::TooLarge) => {
            let part = Part::first(List::MergeRequest);
            names(client, number, Part { size: PAGE, ..part })
        }
        answer => whole(check(answer?)?, ChangeScope::Whole),
    }
}

/// Of a merge request whose diff is too large, in pages.
fn names(client: &Client<Gitea>, number: u64, part: Part) -> Result<ChangePage, Failure> {
    let request = client.get(&format!("/pulls/{number}/files"));
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
        ..ChangePage::listed(files, ChangeScope::Whole, File::normalised)
    })
}

pub(crate) fn compare(
    client: &Client<Gitea>,
    event: &Event,
    from: &str,
    to: &str,
) -> Result<ChangePage, Failure> {
    if is_one_commit(event) {
        return commit(client, to, ChangeScope::Whole);
    }
    let between = format!("/compare/{}...{to}", crypto::percent_encode(from));
    // Only recent versions of Gitea have it at their API. Others answer with a list of commits, and
    // have it among the pages, which they show to no token.
    let asked = client.get(&between).query("output", "diff");
    let page = pages(client).map(|pages| client.get_at(format_args!("{pages}{between}.diff")));
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
            // After a forced push the commit before may be gone, or have nothing in common with
            // what is there now.
            _ => {}
        }
    }
    newest_commit(client, to)
}

/// What a push of one commit changed is what that commit changed.
fn is_one_commit(event: &Event) -> bool {
    let before = event.before.as_deref();
    event.total_commits == Some(1) && before.is_some_and(|before| !is_zero(before))
}

/// The repository as browsers see it. None where an administrator named an API that stands by
/// itself.
fn pages(client: &Client<Gitea>) -> Option<String> {
    let home = client.home();
    let site = home.api.strip_suffix(Gitea::API)?;
    Some(format!("{site}/{}", home.path))
}

pub(crate) fn newest_commit(client: &Client<Gitea>, sha: &str) -> Result<ChangePage, Failure> {
    commit(client, sha, ChangeScope::NewestCommit)
}

fn commit(client: &Client<Gitea>, sha: &str, scope: ChangeScope) -> Result<ChangePage, Failure> {
    #[derive(Deserialize)]
    struct Commit {
        files: Option<Listed<File, MOST_FILES>>,
    }
    match client.get(&format!("/git/commits/{sha}.diff")).send() {
        Err(Error::TooLarge) => {
            let answer = check(client.get(&format!("/git/commits/{sha}")).send()?)?;
            let told: Commit = answer.json()?;
            let files = told.files.unwrap_or_default();
            Ok(ChangePage::listed(files, scope, File::normalised))
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

/// Like an answer that should be JSON and is not: a proxy's error page, or half of it.
fn unread(text: &str) -> Failure {
    let start = excerpt(text);
    Failure::retry(format!(
        "the host answered something else than a diff: {start}"
    ))
}
