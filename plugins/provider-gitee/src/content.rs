//! A file at the commit that an event ends at.

use crate::api::Api;
use push_notify_sdk::{
    Event, Failure, crypto,
    forge::{self, check},
    http::Error,
};
use serde::Deserialize;

#[derive(Deserialize)]
struct Content {
    encoding: Option<String>,
    content: Option<String>,
}

pub(crate) fn content(api: &Api, event: &Event, path: &str) -> Result<Option<String>, Failure> {
    let head = forge::head(event)?;
    let Some(path) = forge::path(path) else {
        return Ok(None);
    };
    let request = api.get(&format!("/contents/{path}"));
    let answer = match request.query("ref", head).send() {
        Err(Error::TooLarge) => return Ok(None),
        Ok(answer) if answer.status == 404 => return Ok(None),
        answer => check(answer?)?,
    };
    // A folder; an empty one is what Gitee gives for what is not there.
    if answer.text().trim_start().starts_with('[') {
        return Ok(None);
    }
    let told: Content = answer.json()?;
    let content = told
        .content
        .filter(|_| told.encoding.as_deref() == Some("base64"));
    let bytes = content.and_then(|content| crypto::unbase64(&content));
    Ok(bytes.and_then(forge::file))
}
