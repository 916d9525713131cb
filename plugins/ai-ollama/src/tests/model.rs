use super::{config, server};
use crate::Ollama;
use push_notify_sdk::{
    Ai, Failure, ModelInfo,
    http::{Method, Response},
    testing::{self, Request},
};
use serde_json::{Value, json};

fn probe(fields: Value, response: Response) -> (Result<ModelInfo, Failure>, Request) {
    let host = server(response);
    let result = host.run(|| Ollama::probe(config(fields)));
    (result, host.requests().remove(0))
}

fn tags() -> Response {
    let model = |name: &str| json!({"name": name, "model": name, "size": 1, "digest": "0"});
    let models = ["m:1b", "qwen3:latest", "hf.co/some/Model:Q4"].map(model);
    testing::json_response(200, &json!({"models": models}))
}

#[test]
fn a_model_is_looked_up_in_the_servers_list() {
    let (info, request) = probe(json!({}), tags());
    assert_eq!(info.unwrap().id, "m:1b");
    assert_eq!(request.method, Method::Get);
    assert_eq!(request.url, "http://ollama.example.com:11434/api/tags");
}

#[test]
fn a_name_without_a_tag_means_the_latest() {
    let id = |model: &str| probe(json!({"model": model}), tags()).0.map(|info| info.id);
    for name in ["qwen3", "qwen3:latest", "Qwen3"] {
        assert_eq!(id(name).as_deref(), Ok("qwen3:latest"));
    }
    assert!(id("hf.co/some/model:q4").is_ok());
    for unknown in ["m", "qwen3:8b", "hf.co/some/model"] {
        assert!(id(unknown).is_err(), "{unknown}");
    }
}

#[test]
fn a_model_that_is_not_there_names_its_cure() {
    let (info, _) = probe(json!({"model": "qwen3:8b"}), tags());
    let Err(Failure::Misconfigured(reason)) = info else {
        panic!("{info:?}");
    };
    assert!(reason.contains("`ollama pull qwen3:8b`"), "{reason}");
}

#[test]
fn another_server_is_not_taken_for_one() {
    for response in [
        testing::response(200, "<html>welcome"),
        testing::response(404, "not found"),
        testing::json_response(200, &json!({"object": "list", "data": []})),
    ] {
        let (info, _) = probe(json!({}), response);
        assert!(matches!(info, Err(Failure::Misconfigured(_))), "{info:?}");
    }
}

#[test]
fn a_busy_server_is_asked_again() {
    let (info, _) = probe(json!({}), testing::response(503, ""));
    assert!(matches!(info, Err(Failure::Retry(_))));
}
