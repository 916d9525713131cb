//! A file at the commit that an event ends at. <https://docs.gitea.com/api/#tag/repository/operation/repoGetRawFile>

use crate::api::Api;
use push_notify_sdk::{
    Event, Failure,
    forge::{self, check},
    http::Error,
};

pub(crate) fn content(api: &Api, event: &Event, path: &str) -> Result<Option<String>, Failure> {
    let head = forge::head(event)?;
    let Some(path) = forge::path(path) else {
        return Ok(None);
    };
    let request = api.get(&format!("/raw/{path}"));
    match request.query("ref", head).send() {
        Err(Error::TooLarge) => Ok(None),
        Ok(answer) if answer.status == 404 => Ok(None),
        answer => Ok(forge::file(check(answer?)?.body)),
    }
}
