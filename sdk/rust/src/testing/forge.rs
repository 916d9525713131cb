//! A review, and what a provider asked its Git host.

use super::{Host, Request};
use crate::{
    CommitStatus, Review, ReviewComment, StatusState,
    http::{Error, Method, Response},
};
use serde_json::Value;
use std::{
    cell::RefCell,
    collections::{HashMap, VecDeque},
};

/// A review of the commit `head` with two comments, a summary and a status.
pub fn review(head: &str) -> Review {
    Review {
        head_sha: head.to_owned(),
        verdict: None,
        score: Some(80),
        summary: Some("Sum.".to_owned()),
        earlier: None,
        comments: vec![comment(1), comment(9)],
        status: Some(CommitStatus {
            state: StatusState::Success,
            description: "80 of 100".to_owned(),
            url: Some("https://push.example.com/reviews/1".to_owned()),
        }),
    }
}

/// A comment at a line of `src/a.rs`.
pub fn comment(line: u32) -> ReviewComment {
    ReviewComment {
        path: "src/a.rs".to_owned(),
        old_path: None,
        line,
        old_line: None,
        position: line,
        body: format!("about line {line}"),
    }
}

/// Answers each request, named by method and path such as `GET /pulls/7`, with the next answer for
/// it, and the last of them for ever. None for all others. `root` is the address of the repository
/// at the API, here and in the following.
pub fn answers(
    list: Vec<(&str, Result<Response, Error>)>,
    root: &'static str,
) -> impl FnMut(&Request) -> Option<Result<Response, Error>> + 'static {
    let mut known: HashMap<String, VecDeque<_>> = HashMap::new();
    for (request, answer) in list {
        known
            .entry(request.to_owned())
            .or_default()
            .push_back(answer);
    }
    let known = RefCell::new(known);
    move |request| match known.borrow_mut().get_mut(&name(request, root)) {
        Some(answers) if answers.len() > 1 => answers.pop_front(),
        answers => answers.map(|answers| answers[0].clone()),
    }
}

/// Method and path of each request.
pub fn asked(host: &Host, root: &str) -> Vec<String> {
    let requests = host.requests();
    requests.iter().map(|request| name(request, root)).collect()
}

/// The bodies of the requests whose name is `wanted`, with the marks by which what is ours is known
/// again.
pub fn sent_marked(host: &Host, root: &str, wanted: impl Fn(&str) -> bool) -> Vec<Value> {
    let mut requests = host.requests();
    requests.retain(|request| wanted(&name(request, root)));
    requests.iter().map(Request::json).collect()
}

/// Those bodies without the marks.
pub fn sent(host: &Host, root: &str, wanted: impl Fn(&str) -> bool) -> Vec<Value> {
    let sent = sent_marked(host, root, wanted);
    sent.into_iter().map(unmarked).collect()
}

fn name(request: &Request, root: &str) -> String {
    let method = match request.method {
        Method::Get => "GET",
        Method::Head => "HEAD",
        Method::Post => "POST",
        Method::Put => "PUT",
        Method::Patch => "PATCH",
        Method::Delete => "DELETE",
    };
    let below = request.url.strip_prefix(root).unwrap_or(&request.url);
    format!("{method} {below}")
}

/// A body without the marks by which what is ours is known again.
pub fn unmarked(mut value: Value) -> Value {
    match &mut value {
        Value::String(text) => {
            let marks = ["\n\n<!-- push-notify:", "\n\n[//]: # \"push-notify:"];
            let at = marks.into_iter().find_map(|mark| text.find(mark));
            at.into_iter().for_each(|at| text.truncate(at));
        }
        Value::Array(values) => values
            .iter_mut()
            .for_each(|value| *value = unmarked(value.take())),
        Value::Object(fields) => fields
            .values_mut()
            .for_each(|value| *value = unmarked(value.take())),
        _ => {}
    }
    value
}
