//! No answer may do more than fail.

use super::{config, server};
use crate::Ollama;
use push_notify_sdk::{Ai, testing};
use serde_json::json;

#[test]
fn a_list_of_many_models_takes_no_room() {
    let body = format!(r#"{{"models": [{}{{}}]}}"#, "{},".repeat(1_000_000));
    let host = server(testing::response(200, body));
    assert!(host.run(|| Ollama::probe(config(json!({})))).is_err());
}
