use super::told;
use crate::{
    Event, Failure,
    http::{Error, Response},
};
use serde::Deserialize;

/// Fails when a merge request ends elsewhere by now than the event says: its files are those of its newest commit, and a review of them
/// would be published as one of another. What is not known counts as unchanged.
pub fn same_head(event: &Event, now: Option<&str>) -> Result<(), Failure> {
    let request = event.merge_request.as_ref();
    let then = request.and_then(|request| request.head_sha.as_deref());
    match (then, now) {
        (Some(then), Some(now)) if !then.is_empty() && !now.eq_ignore_ascii_case(then) => {
            Err(Failure::rejected("the merge request has newer commits"))
        }
        _ => Ok(()),
    }
}

/// Likewise, with the pull request as GitHub and its kin show it.
pub fn is_current(event: &Event, pull_request: Result<Response, Error>) -> Result<(), Failure> {
    #[derive(Deserialize)]
    struct PullRequest {
        head: Option<Head>,
    }
    #[derive(Deserialize)]
    struct Head {
        sha: Option<String>,
    }
    let request: Option<PullRequest> = told(pull_request)?;
    let head = request.and_then(|request| request.head?.sha);
    same_head(event, head.as_deref())
}
