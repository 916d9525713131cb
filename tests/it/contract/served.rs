//! Every endpoint is there and answers as documented.

use super::world::{World, send};
use push_notify_tests::{
    Answer, Backend, both,
    contract::{self, Call, Endpoint},
};
use serde_json::Value;
use std::time::Duration;

both!(every_endpoint_of_the_contract_is_served_with_the_documented_keys);

async fn every_endpoint_of_the_contract_is_served_with_the_documented_keys(on: Backend) {
    let world = World::build(on).await;
    let mut problems: Vec<String> = world
        .trouble
        .iter()
        .map(|trouble| format!("setting up: {trouble}"))
        .collect();
    for endpoint in contract::endpoints() {
        for call in &endpoint.call {
            problems.extend(attempt(&world, &endpoint, call).await);
        }
    }
    let count = problems.len();
    assert!(
        problems.is_empty(),
        "{count} problems:\n{}",
        problems.join("\n")
    );
    world.app.stop().await;
}

/// What is wrong with the answer. What the server writes in the background may take a moment to be
/// there.
async fn attempt(world: &World, endpoint: &Endpoint, call: &Call) -> Vec<String> {
    let in_background = endpoint.path.contains("/logs");
    let mut left = if in_background { 20 } else { 0 };
    loop {
        let problems = match request(world, endpoint, call).await {
            Ok(answer) => judge(endpoint, &answer),
            Err(name) => vec![format!("cannot be called without `{name}`")],
        };
        let is_there = !problems.iter().any(|problem| problem.contains("status"));
        if problems.is_empty() || left == 0 || !is_there {
            return problems
                .into_iter()
                .map(|problem| format!("{endpoint}: {problem}"))
                .collect();
        }
        left -= 1;
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
}

async fn request(world: &World, endpoint: &Endpoint, call: &Call) -> Result<Answer, String> {
    if call.client.as_deref() == Some("github") {
        return Ok(world.deliver().await);
    }
    let mut path = endpoint.path.clone();
    for (name, value) in &call.path {
        path = path.replace(&format!("{{{name}}}"), value.as_str().unwrap_or_default());
    }
    if !call.query.is_empty() {
        path = format!("{path}?{}", call.query);
    }
    let path = world.fill_text(&path)?;
    let api = world.client(call.client.as_deref())?;
    if let Some(file) = &call.file {
        let form = form_with_file(&world.fill_text(file)?);
        let request = api
            .request(reqwest::Method::POST, &path)
            .header("content-type", form_type())
            .body(form);
        return Ok(api.send(request).await);
    }
    let body = world.fill(call.body.as_ref().unwrap_or(&Value::Null))?;
    Ok(send(api, &endpoint.method, &path, &body).await)
}

fn judge(endpoint: &Endpoint, answer: &Answer) -> Vec<String> {
    let mut problems = Vec::new();
    if answer.status != 200 {
        let shown: String = answer.text.chars().take(300).collect();
        return vec![format!("status {}: {shown}", answer.status)];
    }
    if endpoint.download {
        let disposition = answer.header("content-disposition").unwrap_or_default();
        if !disposition.starts_with("attachment") || answer.text.is_empty() {
            problems.push(format!(
                "is no download: {disposition:?} with {} bytes",
                answer.text.len()
            ));
        }
        return problems;
    }
    if answer.json["code"] != 200 {
        problems.push(format!("`code` is {}", answer.json["code"]));
    }
    if answer.json["message"].as_str().is_none_or(str::is_empty) {
        problems.push(format!("`message` is {}", answer.json["message"]));
    }
    let request_id = answer.json["request_id"].as_str();
    if request_id.is_none_or(str::is_empty) || request_id != answer.header("x-request-id") {
        problems.push(format!("`request_id` is {}", answer.json["request_id"]));
    }
    let data = &answer.json["data"];
    problems.extend(endpoint.keys().iter().filter_map(|key| key.problem(data)));
    problems
}

pub fn form_type() -> String {
    format!("multipart/form-data; boundary={BOUNDARY}")
}

const BOUNDARY: &str = "a-boundary-of-the-tests";

/// A form with this file, as [`form_type`] says.
pub fn form_with_file(text: &str) -> String {
    format!(
        "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"prompt.json\"\r\n\
         Content-Type: application/json\r\n\r\n{text}\r\n--{BOUNDARY}--\r\n"
    )
}
