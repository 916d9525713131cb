//! A review's comments at their lines, and the host's own verdict.
//! <https://developer.atlassian.com/cloud/bitbucket/rest/api-group-pullrequests/>

use crate::{Bitbucket, parts::Content};
use push_notify_sdk::{
    Decision, Failure,
    forge::{Client, Dialect, Discussion, Listed, Problems, Remark, check, told},
};
use serde::Deserialize;

pub(crate) fn at_lines(
    discussion: &Discussion<'_, Bitbucket>,
    problems: &mut Problems,
) -> Result<Vec<u32>, Failure> {
    let (client, number) = (discussion.client, discussion.number);
    if discussion.review.verdict == Some(Decision::Comment) {
        withdraw_request(client, number)?;
    }
    discussion.recall(|| comments(client, number))?;
    discussion.post_comments(problems, |comment| {
        let mut body = Bitbucket::comment(&discussion.text(comment));
        body["inline"] = serde_json::json!({ "path": comment.path, "to": comment.line });
        Bitbucket::new_comment(client, number).json(&body)
    })
}

/// A request for changes that we made is taken back by itself; an approval is by the verdict.
fn withdraw_request(client: &Client<Bitbucket>, number: u64) -> Result<(), Failure> {
    let answer = client.delete(&format!("/pullrequests/{number}/request-changes"));
    match check(answer.send()?) {
        // Where there is none, there is nothing to take back.
        Ok(_) | Err(Failure::Rejected(_) | Failure::Misconfigured(_)) => Ok(()),
        Err(passing) => Err(passing),
    }
}

/// The newest, also those at lines.
pub(crate) fn comments(client: &Client<Bitbucket>, number: u64) -> Result<Vec<Remark>, Failure> {
    #[derive(Deserialize)]
    struct Comments {
        values: Option<Listed<Said, 100>>,
    }
    #[derive(Deserialize)]
    struct Said {
        id: u64,
        content: Option<Content>,
        deleted: Option<bool>,
    }
    let list = client.get(&format!("/pullrequests/{number}/comments"));
    let newest = list.query("pagelen", 100).query("sort", "-created_on");
    let list: Option<Comments> = told(newest.send())?;
    let said = list
        .and_then(|list| list.values)
        .unwrap_or_default()
        .entries;
    let there = said.into_iter().filter(|said| said.deleted != Some(true));
    let remark = |said: Said| Remark::new(said.id, Content::text(said.content));
    Ok(there.map(remark).collect())
}
