//! A file at the commit that an event ends at. <https://docs.gitlab.com/api/repository_files/#get-raw-file-from-repository>

use crate::api::Api;
use push_notify_sdk::{
    Event, Failure, crypto,
    forge::{self, check},
    http::Error,
};

pub(crate) fn content(api: &Api, event: &Event, path: &str) -> Result<Option<String>, Failure> {
    let head = forge::head(event)?;
    if forge::path(path).is_none() {
        return Ok(None);
    }
    // All of the path is one part of the address.
    let file = crypto::percent_encode(path);
    let request = api.get(&format!("/repository/files/{file}/raw"));
    match request.query("ref", head).send() {
        Err(Error::TooLarge) => Ok(None),
        Ok(answer) if answer.status == 404 => Ok(None),
        answer => Ok(forge::file(check(answer?)?.body)),
    }
}
