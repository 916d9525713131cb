//! What Gitee answers, for tests of what it is asked.

use crate::Config;
use push_notify_sdk::{
    Event, Repository, http,
    http::Response,
    testing::{self, Host, forge, json_response, response},
};
use serde_json::{Value, json};

pub(super) const OLD: &str = "1111111111111111111111111111111111111111";
pub(super) const NEW: &str = "2222222222222222222222222222222222222222";
const REPOSITORY: &str = "https://gitee.com/api/v5/repos/orchard-works/pear-ledger";

pub(super) fn api_config(fields: Value) -> Config {
    let mut config = json!({
        "url": "https://gitee.com/orchard-works/pear-ledger.git", "access_token": "token-placeholder",
    });
    let more = fields.as_object().unwrap().clone();
    config.as_object_mut().unwrap().extend(more);
    serde_json::from_value(config).unwrap()
}

/// Answers as [`forge::answers`] does. Other requests are for what is not there.
pub(super) fn server(answers: Vec<(&str, Result<Response, http::Error>)>) -> Host {
    let mut answers = forge::answers(answers, REPOSITORY);
    Host::new().now_ms(1_795_000_000_000).http(move |request| {
        let token = request.header("authorization");
        assert_eq!(token, Some("token token-placeholder"));
        assert!(!request.url.contains("token-placeholder"));
        answers(request).unwrap_or_else(|| Ok(error(404, "Not Found Project")))
    })
}

/// What was asked of it.
pub(super) fn asked(host: &Host) -> Vec<String> {
    forge::asked(host, REPOSITORY)
}

/// The bodies of the requests of this name, without the marks by which what is ours is known again.
pub(super) fn sent(host: &Host, request: &str) -> Vec<Value> {
    forge::sent(host, REPOSITORY, |name| name == request)
}

/// Those bodies as they are.
pub(super) fn marked(host: &Host, request: &str) -> Vec<Value> {
    forge::sent_marked(host, REPOSITORY, |name| name == request)
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

/// A page of a server that says how many there are.
pub(super) fn page(files: &[Value], pages: u32) -> Result<Response, http::Error> {
    Ok(json_response(200, &files).with_header("total_page", pages.to_string()))
}

/// A file of a pull request with one changed line, and what else is said of it and of its patch.
pub(super) fn file(path: &str, fields: Value, patch: Value) -> Value {
    let mut file = json!({
        "sha": "bbcd538c8e72b8c175046e27cc8f907076331401", "filename": path, "status": "modified",
        "additions": "1", "deletions": "1",
        "patch": {
            "diff": "@@ -1,2 +1,2 @@\n-a\n+b\n c\n", "old_path": path, "new_path": path, "a_mode": "100644",
            "b_mode": "100644", "new_file": false, "renamed_file": false, "deleted_file": false, "too_large": false,
        },
    });
    let extend = |object: &mut Value, more: Value| {
        let more = more.as_object().unwrap().clone();
        object.as_object_mut().unwrap().extend(more);
    };
    extend(&mut file["patch"], patch);
    extend(&mut file, fields);
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
