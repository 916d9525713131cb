//! What GitLab answers, for tests of what it is asked.

use push_notify_sdk::{
    Event, Repository,
    forge::Config,
    http,
    http::Response,
    testing::{self, Host, forge, json_response, response},
};
use serde_json::{Value, json};

pub(super) const OLD: &str = "1111111111111111111111111111111111111111";
pub(super) const NEW: &str = "2222222222222222222222222222222222222222";
const PROJECT: &str = "https://git.example.com/api/v4/projects/orchard-works%2Fpear-ledger";

pub(super) fn config(fields: Value) -> Config {
    let mut config = json!({
        "url": "https://git.example.com/orchard-works/pear-ledger.git", "access_token": "token-placeholder",
    });
    let more = fields.as_object().unwrap().clone();
    config.as_object_mut().unwrap().extend(more);
    serde_json::from_value(config).unwrap()
}

/// Answers as [`forge::answers`] does. Other requests are for what is not there.
pub(super) fn server(answers: Vec<(&str, Result<Response, http::Error>)>) -> Host {
    let mut answers = forge::answers(answers, PROJECT);
    Host::new().now_ms(1_795_000_000_000).http(move |request| {
        assert_eq!(request.header("private-token"), Some("token-placeholder"));
        answers(request).unwrap_or_else(|| Ok(error(404, "404 Not Found")))
    })
}

/// What was asked of it.
pub(super) fn asked(host: &Host) -> Vec<String> {
    forge::asked(host, PROJECT)
}

/// The bodies of the requests of this name, without the marks by which what is ours is known again.
pub(super) fn sent(host: &Host, request: &str) -> Vec<Value> {
    forge::sent(host, PROJECT, |name| name == request)
}

/// Those bodies as they are.
pub(super) fn marked(host: &Host, request: &str) -> Vec<Value> {
    forge::sent_marked(host, PROJECT, |name| name == request)
}

pub(super) fn ok(value: &Value) -> Result<Response, http::Error> {
    Ok(json_response(200, value))
}

pub(super) fn created(value: &Value) -> Result<Response, http::Error> {
    Ok(json_response(201, value))
}

pub(super) fn error(status: u16, message: &str) -> Response {
    json_response(status, &json!({ "message": message }))
}

pub(super) fn page(files: &[Value], next: &str) -> Result<Response, http::Error> {
    Ok(json_response(200, &files).with_header("x-next-page", next))
}

/// A file with one changed line, and what else is said of it.
pub(super) fn file(path: &str, fields: Value) -> Value {
    let mut file = json!({
        "old_path": path, "new_path": path, "a_mode": "100644", "b_mode": "100644",
        "diff": "@@ -1,2 +1,2 @@\n-a\n+b\n c\n", "new_file": false, "renamed_file": false, "deleted_file": false,
    });
    let more = fields.as_object().unwrap().clone();
    file.as_object_mut().unwrap().extend(more);
    file
}

pub(super) fn unreadable() -> Result<Response, http::Error> {
    Ok(response(200, "<html>"))
}

pub(super) fn push() -> Event {
    Event {
        kind: "push".to_owned(),
        branch: Some("main".to_owned()),
        before: Some(OLD.to_owned()),
        after: Some(NEW.to_owned()),
        repository: Repository {
            // Whatever a payload names, it is not asked.
            url: Some("https://evil.example.com/orchard-works/pear-ledger".to_owned()),
            full_name: "evil/other".to_owned(),
            default_branch: Some("main".to_owned()),
            ..Repository::default()
        },
        ..Event::default()
    }
}

pub(super) fn merge_request() -> Event {
    testing::merge_request(7, NEW)
}
