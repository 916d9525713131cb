//! No answer may do more than fail.

use super::{complete_with, config, said, server};
use crate::Anthropic;
use push_notify_sdk::{Ai, testing};
use serde_json::{Value, json};

#[test]
fn every_part_of_an_answer_may_be_anything() {
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let anything = [
        "null",
        "true",
        "-1e308",
        "99999999999999999999999",
        "\"text\"",
        "\"\\ud800\"",
        "[]",
        "[[], {}, null]",
        "{}",
        "{\"a\": {\"b\": []}}",
        &deep,
    ];
    let paths = [
        "/content",
        "/content/0",
        "/content/0/type",
        "/content/0/text",
        "/stop_reason",
        "/usage",
        "/usage/input_tokens",
        "/model",
        "/error",
        "/id",
    ];
    const HERE: &str = "put it here";
    for path in paths {
        let mut body = said("because");
        body["error"] = Value::Null;
        *body.pointer_mut(path).unwrap() = json!(HERE);
        for part in anything {
            let body = body.to_string().replace(&format!("\"{HERE}\""), part);
            for status in [200, 400, 429] {
                for json in [false, true] {
                    // Whatever it is: it comes back.
                    let _ = complete_with(testing::response(status, body.clone()), json);
                }
            }
            let host = server(vec![testing::response(200, body)]);
            let _ = host.run(|| Anthropic::probe(config(json!({}))));
        }
    }
}

#[test]
fn an_answer_that_no_model_gives_is_rejected() {
    let body = said(&"long ".repeat(500_000)).to_string();
    let failed = complete_with(testing::response(200, body), false);
    assert!(failed.unwrap_err().to_string().contains("1 MiB"));
}

#[test]
fn a_list_of_many_blocks_takes_no_room() {
    let mut body = said("because").to_string();
    let many = "{},".repeat(1_000_000);
    body = body.replace("\"content\":[", &format!("\"content\":[{many}"));
    assert!(complete_with(testing::response(200, body), false).is_err());
}
