//! What GitLab answers, for tests of what it is asked.

use push_notify_sdk::{
    Event, MergeRequest, MergeRequestAction, Repository,
    forge::Config,
    http,
    http::Response,
    testing::{Host, Request, json_response, response},
};
use serde_json::{Value, json};
use std::{cell::RefCell, collections::HashMap, collections::VecDeque};

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

/// Answers each request, named by method and what is below the project, with the next answer for it, the last for ever. Other requests are
/// for what is not there.
pub(super) fn server(answers: Vec<(&str, Result<Response, http::Error>)>) -> Host {
    let mut known: HashMap<String, VecDeque<_>> = HashMap::new();
    for (request, answer) in answers {
        known
            .entry(request.to_owned())
            .or_default()
            .push_back(answer);
    }
    let known = RefCell::new(known);
    Host::new().now_ms(1_795_000_000_000).http(move |request| {
        assert_eq!(request.header("private-token"), Some("token-placeholder"));
        match known.borrow_mut().get_mut(&name(request)) {
            Some(answers) if answers.len() > 1 => answers.pop_front().unwrap(),
            Some(answers) => answers[0].clone(),
            None => Ok(error(404, "404 Not Found")),
        }
    })
}

/// What was asked of it.
pub(super) fn asked(host: &Host) -> Vec<String> {
    host.requests().iter().map(name).collect()
}

/// The bodies of the requests of this name, without the marks by which what is ours is known again.
pub(super) fn sent(host: &Host, request: &str) -> Vec<Value> {
    let mut sent = marked(host, request);
    for body in &mut sent {
        if let Some(Value::String(text)) = body.get_mut("body") {
            let at = text.find("\n\n<!-- push-notify:");
            at.into_iter().for_each(|at| text.truncate(at));
        }
    }
    sent
}

/// Those bodies as they are.
pub(super) fn marked(host: &Host, request: &str) -> Vec<Value> {
    let mut requests = host.requests();
    requests.retain(|sent| name(sent) == request);
    requests.iter().map(Request::json).collect()
}

fn name(request: &Request) -> String {
    let method = format!("{:?}", request.method);
    let method = method.rsplit(':').next().unwrap_or_default().to_uppercase();
    let below = request.url.strip_prefix(PROJECT).unwrap_or(&request.url);
    format!("{method} {below}")
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
    Event {
        kind: "merge_request".to_owned(),
        before: None,
        after: None,
        branch: None,
        merge_request: Some(MergeRequest {
            number: 7,
            title: "Weigh the pears".to_owned(),
            action: MergeRequestAction::Opened,
            state: "open".to_owned(),
            source_branch: "weigh".to_owned(),
            target_branch: "main".to_owned(),
            head_sha: Some(NEW.to_owned()),
            base_sha: None,
            url: None,
            author: None,
            draft: None,
            merged: None,
        }),
        ..push()
    }
}
