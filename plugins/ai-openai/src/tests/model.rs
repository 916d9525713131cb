use super::{config, said, server};
use crate::OpenAi;
use push_notify_sdk::{
    Ai, Failure, ModelInfo,
    http::{Method, Response},
    testing::{self, Request},
};
use serde_json::{Value, json};

fn probe(answers: Vec<Response>) -> (Result<ModelInfo, Failure>, Vec<Request>) {
    let host = server(answers);
    let result = host.run(|| OpenAi::probe(config(json!({"temperature": 0.3}))));
    (result, host.requests())
}

fn error(status: u16, message: &str) -> Response {
    testing::json_response(status, &json!({"error": {"message": message}}))
}

#[test]
fn a_model_is_described_at_no_cost() {
    let model =
        json!({"id": "m-1", "object": "model", "created": 1_700_000_000, "owned_by": "somebody"});
    let (info, requests) = probe(vec![testing::json_response(200, &model)]);
    let info = info.unwrap();
    assert_eq!(
        (info.id.as_str(), info.owned_by.as_deref(), info.created),
        ("m-1", Some("somebody"), Some(1_700_000_000))
    );
    assert_eq!(requests.len(), 1);
    assert_eq!(requests[0].method, Method::Get);
    assert_eq!(requests[0].url, "https://ai.example.com/v1/models/m-1");
    assert_eq!(
        requests[0].header("authorization"),
        Some("Bearer key-placeholder")
    );
}

#[test]
fn a_server_without_descriptions_is_asked_for_one_token() {
    for first in [
        error(404, "Not Found"),
        error(403, "Missing scopes: api.model.read"),
        testing::response(405, ""),
        testing::response(200, "<html>"),
        testing::json_response(200, &json!({"object": "list", "data": []})),
    ] {
        let mut answer = said("");
        answer["choices"][0]["finish_reason"] = json!("length");
        let (info, requests) = probe(vec![first, testing::json_response(200, &answer)]);
        assert_eq!(info.unwrap().id, "m-1");
        let body: Value = requests[1].json();
        assert_eq!(body["max_tokens"], 1);
    }
}

#[test]
fn an_unknown_model_needs_an_administrator() {
    let (info, requests) = probe(vec![error(404, "The model `m-1` does not exist")]);
    let expected = Failure::misconfigured("HTTP 404: The model `m-1` does not exist");
    assert_eq!(info.unwrap_err(), expected);
    assert_eq!(requests.len(), 2);
}

#[test]
fn a_wrong_key_is_found_out_with_the_first_question() {
    let (info, requests) = probe(vec![error(401, "no")]);
    assert!(matches!(info, Err(Failure::Misconfigured(_))));
    assert_eq!(requests.len(), 1);
}

#[test]
fn a_model_that_thinks_longer_than_a_token_works() {
    let message =
        "Could not finish the message because max_tokens or model output limit was reached.";
    let (info, _) = probe(vec![error(403, "no"), error(400, message)]);
    assert_eq!(info.unwrap().id, "m-1");
}

#[test]
fn an_address_of_a_web_site_is_not_an_api() {
    let (info, _) = probe(vec![testing::response(200, "<html>welcome")]);
    assert!(matches!(info, Err(Failure::Misconfigured(_))), "{info:?}");
}

#[test]
fn a_busy_server_is_asked_again() {
    let (info, _) = probe(vec![error(503, "busy")]);
    assert!(matches!(info, Err(Failure::Retry(_))));
}

#[test]
fn only_what_has_the_form_of_an_answer_is_one() {
    let described = |body: Value| testing::json_response(200, &body);
    for said in [
        json!({"error": "Unexpected endpoint or method. (POST /chat/completions)"}),
        json!({"code": 1002, "message": "no room"}),
        json!({"success": false}),
        json!({}),
        json!({"id": "req-1", "error": {"message": "no room"}}),
        json!({"id": "req-1", "message": "no room"}),
        json!({"choices": []}),
        json!({"choices": [{}]}),
        json!({"choices": [{"text": "completion of another kind"}]}),
        json!({"object": "list", "data": []}),
        json!([]),
    ] {
        let (info, _) = probe(vec![described(said.clone())]);
        assert!(info.is_err(), "{said}");
    }
    let (info, _) = probe(vec![described(json!({"error": "no such door"}))]);
    assert!(info.unwrap_err().to_string().contains("no such door"));
    for said in [
        json!({"id": "m-1"}),
        json!({"id": "models/m-1"}),
        json!({"id": "m-1-2026", "object": "model"}),
    ] {
        let (info, requests) = probe(vec![described(said.clone())]);
        assert!(info.is_ok() && requests.len() == 1, "{said}");
    }
    // One token of an answer, in a stream or of thoughts.
    for said in [
        json!({"choices": [{"message": {"content": ""}, "finish_reason": "stop"}]}),
        json!({"choices": [{"message": {"reasoning_content": "hm"}, "finish_reason": "length"}]}),
    ] {
        let (info, _) = probe(vec![error(404, "no"), described(said.clone())]);
        assert!(info.is_ok(), "{said}");
    }
    let stream =
        "data: {\"choices\":[{\"delta\":{\"content\":\"p\"},\"finish_reason\":\"length\"}]}\n\n";
    let (info, _) = probe(vec![error(404, "no"), testing::response(200, stream)]);
    assert!(info.is_ok());
}
