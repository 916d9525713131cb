//! What an event changed. <https://docs.github.com/rest/pulls/pulls#list-pull-requests-files>,
//! <https://docs.github.com/rest/commits/commits>

use crate::{Github, file::File, link};
use push_notify_sdk::{
    ChangePage, ChangeScope, Failure, crypto,
    forge::{Client, Compared, List, Listed, Part, check, compared},
    http::Response,
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

pub(crate) fn merge_request(
    client: &Client<Github>,
    number: u64,
    from: Option<&str>,
) -> Result<ChangePage, Failure> {
    let path = format!("/pulls/{number}/files");
    let part = Part::of(List::MergeRequest, from)?;
    listed(client, &path, part, ChangeScope::Whole, |answer| {
        answer.json()
    })
}

pub(crate) fn commit(
    client: &Client<Github>,
    sha: &str,
    from: Option<&str>,
) -> Result<ChangePage, Failure> {
    let path = format!("/commits/{sha}");
    let part = Part::of(List::Commit, from)?;
    listed(client, &path, part, ChangeScope::NewestCommit, |answer| {
        Ok(answer.json::<WithFiles>()?.files.unwrap_or_default())
    })
}

pub(crate) fn compare(
    client: &Client<Github>,
    from: &str,
    to: &str,
) -> Result<ChangePage, Failure> {
    // A branch's name may have slashes, and they are a part of it.
    let from = crypto::percent_encode(from);
    // Its pages are of commits, of which one is enough.
    let request = client.get(&format!("/compare/{from}...{to}"));
    let answer = match compared(request.query("per_page", 1).query("page", 1))? {
        Compared::Told(answer) => answer,
        Compared::TooLarge | Compared::Gone => return commit(client, to, None),
    };
    let told: WithFiles = answer.json()?;
    let files = told.files.unwrap_or_default();
    let truncated = files.entries.len() >= MOST_COMPARED;
    Ok(ChangePage {
        truncated,
        ..ChangePage::listed(files, ChangeScope::Whole, File::normalised)
    })
}

fn listed(
    client: &Client<Github>,
    path: &str,
    part: Part,
    scope: ChangeScope,
    read: impl Fn(&Response) -> Result<Files, Failure>,
) -> Result<ChangePage, Failure> {
    let Some((answer, part)) = client.list(path, part)? else {
        return Ok(ChangePage::unread(scope));
    };
    let answer = check(answer)?;
    let files = read(&answer)?;
    let is_full = files.entries.len() == part.size as usize;
    let told = ChangePage::listed(files, scope, File::normalised);
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
