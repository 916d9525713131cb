//! What a model is set to, and what becomes of it.

use super::{asking, change, gpt, made, shown, verify};
use push_notify_core::config::Config;
use push_notify_tests::{Backend, OpenAi, Response, TestApp, both};
use serde_json::{Value, json};
use std::time::Duration;

both!(prices_are_kept_changed_and_removed);

async fn prices_are_kept_changed_and_removed(on: Backend) {
    let app = TestApp::start(on).await;
    let prices = async |id: i64| {
        let model = shown(&app, id).await;
        (model["input_price"].clone(), model["output_price"].clone())
    };
    let unpriced = made(&app, &gpt("unpriced")).await;
    assert_eq!(prices(unpriced).await, (Value::Null, Value::Null));
    let mut body = gpt("priced");
    body["input_price"] = json!(0.15);
    body["output_price"] = json!(10);
    let id = made(&app, &body).await;
    assert_eq!(prices(id).await, (json!(0.15), json!(10.0)));
    for (body, expected) in [
        (json!({"timeout": 90}), (json!(0.15), json!(10.0))),
        (json!({"input_price": 0}), (json!(0.0), json!(10.0))),
        (json!({"output_price": null}), (json!(0.0), Value::Null)),
        (json!({"input_price": ""}), (Value::Null, Value::Null)),
    ] {
        change(&app, id, body.clone()).await.expect(200);
        assert_eq!(prices(id).await, expected, "{body}");
    }
    change(&app, id, json!({"input_price": "cheap"}))
        .await
        .expect(400)
        .names("input_price");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn settings_that_cannot_work_are_refused_by_name() {
    let app = TestApp::start(Backend::Sqlite).await;
    let cases = [
        (json!({"name": ""}), "name"),
        (json!({"type": " "}), "type"),
        (json!({"api_url": "ftp://example.com"}), "api_url"),
        (json!({"api_url": "not a url"}), "api_url"),
        (
            json!({"api_url": "https://user:test-secret-not-real@example.com"}),
            "api_url",
        ),
        (json!({"api_key": ""}), "api_key"),
        (json!({"api_key": "******"}), "api_key"),
        (json!({"timeout": 0}), "timeout"),
        (json!({"timeout": 601}), "timeout"),
        (
            json!({"params": {"temperature": 2.1}}),
            "params.temperature",
        ),
        (
            json!({"params": {"temperature": "hot"}}),
            "params.temperature",
        ),
        (json!({"params": {"top_p": -0.1}}), "params.top_p"),
        (json!({"params": {"max_tokens": 0}}), "params.max_tokens"),
        (json!({"params": {"max_tokens": 1.5}}), "params.max_tokens"),
        (
            json!({"params": {"max_tokens": 1_000_001}}),
            "params.max_tokens",
        ),
        (
            json!({"params": {"presence_penalty": 3}}),
            "params.presence_penalty",
        ),
        (
            json!({"params": {"frequency_penalty": -3}}),
            "params.frequency_penalty",
        ),
        (json!({"input_price": -0.1}), "input_price"),
        (json!({"output_price": 1_000_001}), "output_price"),
        (json!({"params": {"nosuch": 1}}), "params.nosuch"),
        (json!({"params": {"api_key": "x"}}), "params.api_key"),
        (
            json!({"provider": "not loaded", "params": {"nosuch": 1}}),
            "params.nosuch",
        ),
    ];
    for (fields, name) in cases {
        let mut body = gpt("refused");
        body.as_object_mut()
            .expect("an object")
            .extend(fields.as_object().expect("an object").clone());
        let answer = app.post("/api/v1/models", &body).await;
        answer.expect_code(422, 40001).names(name);
    }
    let answer = app.post("/api/v1/models", &json!({})).await.expect(422);
    for field in ["name", "type", "api_url", "api_key"] {
        answer.names(field);
    }
    app.post("/api/v1/models", &json!({"name": 1, "params": []}))
        .await
        .expect(400)
        .names("params");
    let mut unloaded = gpt("later");
    unloaded["provider"] = json!("Nobody");
    let id = made(&app, &unloaded).await;
    assert_eq!(shown(&app, id).await["provider"], "Nobody");
    change(&app, id, json!({"params": {"temperature": 9}}))
        .await
        .expect_code(422, 40001)
        .names("params.temperature");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_that_is_kept_never_goes_to_another_host() {
    let server = OpenAi::start().await;
    let mut app = TestApp::start(Backend::Sqlite).await;
    app.secrets.push(server.key.clone());
    let id = made(&app, &asking(&server, "kept")).await;
    for kept in ["******", ""] {
        let elsewhere = json!({"api_url": "https://elsewhere.example.com/v1", "api_key": kept});
        change(&app, id, elsewhere)
            .await
            .expect_code(422, 40001)
            .names("api_key");
    }
    for fields in [
        json!({"api_url": server.completions_url().replace("http:", "https:")}),
        json!({"provider": "another"}),
    ] {
        change(&app, id, fields)
            .await
            .expect_code(422, 40001)
            .names("api_key");
    }
    for kept in ["******", ""] {
        let same_host = json!({"api_url": server.url("/v1"), "api_key": kept});
        change(&app, id, same_host).await.expect(200);
        assert_eq!(verify(&app, id).await.data()["valid"], true);
    }
    let key = json!({"api_url": "https://elsewhere.example.com/v1", "api_key": "sk-new-not-real"});
    change(&app, id, key).await.expect(200);
    app.assert_nothing_leaked();
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_model_has_its_own_deadline_below_that_of_all_models() {
    let server = OpenAi::start().await;
    let slow = || Response::json(200, &json!({"id": OpenAi::MODEL})).after(Duration::from_secs(1));
    let start = async |ai_timeout_ms: u64| {
        let settings = move |config: &mut Config| {
            config.plugins.timeout_ms = 300;
            config.plugins.ai_timeout_ms = ai_timeout_ms;
        };
        TestApp::on(Backend::Sqlite).config(settings).start().await
    };
    let app = start(60_000).await;
    let id = made(&app, &asking(&server, "patient")).await;
    server.then(slow());
    assert_eq!(verify(&app, id).await.data()["valid"], true);
    app.stop().await;

    let app = start(300).await;
    let id = made(&app, &asking(&server, "hurried")).await;
    server.then(slow());
    let late = verify(&app, id).await;
    assert_eq!(late.data()["valid"], false, "{}", late.text);
    app.stop().await;
}
