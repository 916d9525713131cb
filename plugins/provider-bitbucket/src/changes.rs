//! What an event changed, as one diff, or as a list of files where that is too large.
//! <https://developer.atlassian.com/cloud/bitbucket/rest/api-group-commits/>

use crate::{Bitbucket, file::File};
use push_notify_sdk::{
    ChangePage, ChangeScope, Failure, crypto,
    delivery::excerpt,
    forge::{Client, List, Listed, Part, check, diff, in_one_part},
    http::{Error, Request, Response},
};
use serde::Deserialize;

/// Files on a page of a list, at most.
const PAGE: usize = 100;

#[derive(Deserialize)]
struct Files {
    values: Option<Listed<File, PAGE>>,
    next: Option<String>,
}

pub(crate) fn merge_request(
    client: &Client<Bitbucket>,
    number: u64,
    from: Option<&str>,
) -> Result<ChangePage, Failure> {
    let request = format!("/pullrequests/{number}");
    if from.is_some() {
        return names(client, &request, Part::of(List::MergeRequest, from)?);
    }
    match followed(client, client.get(&format!("{request}/diff"))) {
        Err(Unanswered::TooLarge) => names(client, &request, Part::first(List::MergeRequest)),
        answer => whole(answer?, ChangeScope::Whole),
    }
}

/// Of a merge request whose diff is too large, in pages.
fn names(client: &Client<Bitbucket>, request: &str, part: Part) -> Result<ChangePage, Failure> {
    let list = client.get(&format!("{request}/diffstat"));
    let first = redirected(client, list)?;
    let page = first.query("page", part.page).query("pagelen", part.size);
    let files: Files = check(page.send()?)?.json()?;
    let next = files.next.filter(|next| !next.is_empty());
    Ok(ChangePage {
        next: next.map(|_| part.next().to_string()),
        ..ChangePage::listed(
            files.values.unwrap_or_default(),
            ChangeScope::Whole,
            File::normalised,
        )
    })
}

/// From where the branch left the other commit: after a forced push, from the last commit that both
/// have.
pub(crate) fn compare(
    client: &Client<Bitbucket>,
    from: &str,
    to: &str,
) -> Result<ChangePage, Failure> {
    let spec = format!("{to}..{}", crypto::percent_encode(from));
    let between = |list: &str| {
        client
            .get(&format!("/{list}/{spec}"))
            .query("topic", "true")
    };
    match between("diff").send() {
        Err(Error::TooLarge) => listed(between("diffstat"), ChangeScope::Whole),
        // After a forced push the commit before may be gone.
        Ok(answer) if answer.status == 404 => newest_commit(client, to),
        answer => whole(check(answer?)?, ChangeScope::Whole),
    }
}

pub(crate) fn commit(
    client: &Client<Bitbucket>,
    sha: &str,
    from: Option<&str>,
) -> Result<ChangePage, Failure> {
    in_one_part(from)?;
    newest_commit(client, sha)
}

fn newest_commit(client: &Client<Bitbucket>, sha: &str) -> Result<ChangePage, Failure> {
    let scope = ChangeScope::NewestCommit;
    match client.get(&format!("/diff/{sha}")).send() {
        Err(Error::TooLarge) => listed(client.get(&format!("/diffstat/{sha}")), scope),
        answer => whole(check(answer?)?, scope),
    }
}

/// The first page of a list that nobody asks for the rest of.
fn listed(request: Request, scope: ChangeScope) -> Result<ChangePage, Failure> {
    let files: Files = check(request.query("pagelen", PAGE).send()?)?.json()?;
    let is_cut = files.next.is_some();
    let page = ChangePage::listed(files.values.unwrap_or_default(), scope, File::normalised);
    Ok(ChangePage {
        truncated: page.truncated || is_cut,
        ..page
    })
}

/// Why there is no diff to read.
enum Unanswered {
    TooLarge,
    Failed(Failure),
}

impl From<Unanswered> for Failure {
    fn from(unanswered: Unanswered) -> Self {
        match unanswered {
            Unanswered::TooLarge => Error::TooLarge.into(),
            Unanswered::Failed(failure) => failure,
        }
    }
}

fn followed(client: &Client<Bitbucket>, request: Request) -> Result<Response, Unanswered> {
    let answer = match request.send() {
        Ok(answer) => match elsewhere(client, &answer) {
            Some(address) => client.get_at(address).send(),
            None => Ok(answer),
        },
        failed => failed,
    };
    match answer {
        Err(Error::TooLarge) => Err(Unanswered::TooLarge),
        answer => answer
            .map_err(Failure::from)
            .and_then(check)
            .map_err(Unanswered::Failed),
    }
}

/// The request that the host's answer to `request` sends on to, or the same again.
fn redirected(client: &Client<Bitbucket>, request: Request) -> Result<Request, Failure> {
    let answer = request.clone().send()?;
    match elsewhere(client, &answer) {
        Some(address) => Ok(client.get_at(address)),
        None => check(answer).map(|_| request),
    }
}

/// What a merge request changes is told at the address of a comparison, which the host sends on to.
/// One that is not of this repository's API is none.
fn elsewhere(client: &Client<Bitbucket>, answer: &Response) -> Option<String> {
    let address = answer
        .header("location")
        .filter(|_| (300..400).contains(&answer.status))?;
    let rest = address.strip_prefix(client.root())?;
    let is_below = rest.starts_with('/') && !rest.contains("/..");
    is_below.then(|| address.to_owned())
}

/// All files of a diff, which are one part.
fn whole(answer: Response, scope: ChangeScope) -> Result<ChangePage, Failure> {
    let text = diff::text(answer.body);
    // Like an answer that should be JSON and is not: a proxy's error page, or half of it.
    let unread = || {
        let start = excerpt(&text);
        Failure::retry(format!(
            "the host answered something else than a diff: {start}"
        ))
    };
    let split = diff::split(&text).ok_or_else(unread)?;
    Ok(ChangePage {
        truncated: split.cut,
        ..ChangePage::last(split.files, scope)
    })
}
