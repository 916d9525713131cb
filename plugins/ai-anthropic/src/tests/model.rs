use super::{config, said, server};
use crate::Anthropic;
use push_notify_sdk::{
    Ai, Failure, ModelInfo,
    http::{Method, Response},
    testing::{self, Request},
};
use serde_json::{Value, json};

fn probe(answers: Vec<Response>) -> (Result<ModelInfo, Failure>, Vec<Request>) {
    let host = server(answers);
    let result = host.run(|| Anthropic::probe(config(json!({}))));
    (result, host.requests())
}

fn error(status: u16, kind: &str, message: &str) -> Response {
    let error = json!({"type": kind, "message": message});
    testing::json_response(status, &json!({"type": "error", "error": error}))
}

#[test]
fn a_model_is_described_at_no_cost() {
    let model = json!({
        "type": "model", "id": "m-1", "display_name": "M 1", "created_at": "2026-01-01T00:00:00Z",
    });
    let (info, requests) = probe(vec![testing::json_response(200, &model)]);
    assert_eq!(info.unwrap().id, "m-1");
    assert_eq!(requests.len(), 1);
    assert_eq!(requests[0].method, Method::Get);
    assert_eq!(requests[0].url, "https://ai.example.com/v1/models/m-1");
    assert_eq!(requests[0].header("x-api-key"), Some("key-placeholder"));
    assert_eq!(requests[0].header("anthropic-version"), Some("2023-06-01"));
}

#[test]
fn a_server_without_descriptions_is_asked_for_one_token() {
    for first in [
        testing::response(404, "Not Found"),
        testing::response(405, ""),
        testing::response(200, "<html>"),
        testing::json_response(200, &json!({"data": []})),
    ] {
        let mut answer = said("");
        answer["stop_reason"] = json!("max_tokens");
        let (info, requests) = probe(vec![first, testing::json_response(200, &answer)]);
        assert_eq!(info.unwrap().id, "m-1");
        let body: Value = requests[1].json();
        assert_eq!(body["max_tokens"], 1);
    }
}

#[test]
fn an_unknown_model_needs_an_administrator() {
    let (info, requests) = probe(vec![error(404, "not_found_error", "model: m-1")]);
    let expected = Failure::misconfigured("HTTP 404: model: m-1");
    assert_eq!(info.unwrap_err(), expected);
    assert_eq!(requests.len(), 2);
}

#[test]
fn a_wrong_key_is_found_out_with_the_first_question() {
    let (info, requests) = probe(vec![error(401, "authentication_error", "no")]);
    assert!(matches!(info, Err(Failure::Misconfigured(_))));
    assert_eq!(requests.len(), 1);
}

#[test]
fn an_address_of_a_web_site_is_not_an_api() {
    let (info, _) = probe(vec![testing::response(200, "<html>welcome")]);
    assert!(matches!(info, Err(Failure::Misconfigured(_))), "{info:?}");
}

#[test]
fn a_busy_server_is_asked_again() {
    let (info, _) = probe(vec![error(529, "overloaded_error", "Overloaded")]);
    assert!(matches!(info, Err(Failure::Retry(_))));
}
