//! A file at the commit that an event ends at. <https://docs.github.com/rest/repos/contents#get-repository-content>

use crate::api::Api;
use push_notify_sdk::{
    Event, Failure,
    forge::{self, check},
    http::{Error, Response},
};

pub(crate) fn content(api: &Api, event: &Event, path: &str) -> Result<Option<String>, Failure> {
    let head = forge::head(event)?;
    let Some(path) = forge::path(path) else {
        return Ok(None);
    };
    let request = api.get_raw(&format!("/contents/{path}"));
    match request.query("ref", head).send() {
        Err(Error::TooLarge) => Ok(None),
        Ok(answer) if is_no_file(&answer) => Ok(None),
        answer => Ok(forge::file(check(answer?)?.body)),
    }
}

/// A folder and a submodule are told as JSON, a file as itself.
fn is_no_file(answer: &Response) -> bool {
    let kind = answer.header("content-type").unwrap_or_default();
    match answer.status {
        200 => kind.starts_with("application/json"),
        404 => true,
        // Of files beyond 100 MB.
        403 => answer.text().contains("too_large"),
        _ => false,
    }
}
