//! `/api/v1/models`.

mod settings;

use futures_util::future::join_all;
use push_notify::model;
use push_notify_core::id::ModelId;
use push_notify_tests::{Answer, Backend, OpenAi, Response, TestApp, both};
use serde_json::{Value, json};
use std::time::Duration;

both!(
    a_model_is_made_shown_changed_and_deleted_as_the_contract_says,
    one_active_model_is_the_default_however_many_ask_at_once,
    verifying_says_whether_a_model_can_be_asked_and_why_not,
    repositories_name_a_model_that_exists,
    whom_to_ask_is_listed_in_order_with_the_default_at_the_end,
);

fn gpt(name: &str) -> Value {
    json!({
        "name": name,
        "type": "gpt-4",
        "provider": "OpenAI",
        "api_url": "https://api.example.com/v1/chat/completions",
        "api_key": "sk-test-secret-not-real",
        "timeout": 60,
        "params": {"temperature": 0.3, "max_tokens": 4000, "top_p": 0.9},
    })
}

fn asking(server: &OpenAi, name: &str) -> Value {
    json!({
        "name": name, "type": OpenAi::MODEL, "api_url": server.completions_url(), "api_key": server.key,
        "params": {"max_tokens": 100},
    })
}

async fn made(app: &TestApp, body: &Value) -> i64 {
    app.post("/api/v1/models", body).await.expect(200).id()
}

async fn shown(app: &TestApp, id: i64) -> Value {
    let answer = app.get(&format!("/api/v1/models/{id}")).await.expect(200);
    answer.data().clone()
}

async fn change(app: &TestApp, id: i64, body: Value) -> Answer {
    app.put(&format!("/api/v1/models/{id}"), &body).await
}

async fn a_model_is_made_shown_changed_and_deleted_as_the_contract_says(on: Backend) {
    let app = TestApp::start(on).await;
    let id = made(&app, &gpt("GPT-4")).await;
    let model = shown(&app, id).await;
    for field in ["name", "type", "provider", "api_url", "timeout"] {
        assert_eq!(model[field], gpt("GPT-4")[field], "{field}");
    }
    let params = json!({
        "temperature": 0.3, "max_tokens": 4000, "top_p": 0.9,
        "presence_penalty": null, "frequency_penalty": null,
    });
    assert_eq!(model["params"], params, "the five of the contract");
    assert_eq!(model["api_key"], "******");
    assert_eq!(model["is_default"], true);
    assert_eq!(model["status"], "active");
    for field in [
        "call_count",
        "success_count",
        "failed_count",
        "avg_response_time",
    ] {
        assert_eq!(model[field].as_f64(), Some(0.0), "{field}");
    }
    app.post("/api/v1/models", &gpt("GPT-4"))
        .await
        .expect_code(409, 409);

    let body =
        json!({"name": "GPT", "timeout": 120, "params": {"temperature": 0.5, "top_p": null}});
    let changed = change(&app, id, body).await.expect(200);
    assert_eq!(changed.data()["name"], "GPT");
    assert_eq!(changed.data()["timeout"], 120);
    let params = json!({
        "temperature": 0.5, "max_tokens": 4000, "top_p": null,
        "presence_penalty": null, "frequency_penalty": null,
    });
    assert_eq!(changed.data()["params"], params);
    let again = change(&app, id, json!({ "params": params, "status": "" })).await;
    assert_eq!(again.expect(200).data()["params"], params);

    for query in ["keyword=gp", "keyword=GPT-4", "provider=openai", ""] {
        let list = app
            .get(&format!("/api/v1/models?{query}"))
            .await
            .expect(200);
        assert_eq!(list.list().len(), 1, "{query}");
        assert_eq!(list.list()[0]["call_count"], 0);
    }
    for query in ["keyword=llama", "provider=other", "status=inactive"] {
        let list = app
            .get(&format!("/api/v1/models?{query}"))
            .await
            .expect(200);
        assert!(list.list().is_empty(), "{query}");
    }

    let path = format!("/api/v1/models/{id}");
    app.delete(&path).await.expect(200);
    app.get(&path).await.expect_code(404, 40003);
    app.delete(&path).await.expect_code(404, 40003);
    change(&app, id, json!({})).await.expect_code(404, 40003);
    for path in ["default", "verify"] {
        app.post(&format!("/api/v1/models/{id}/{path}"), &json!({}))
            .await
            .expect_code(404, 40003);
    }
    app.get(&format!("/api/v1/models/{id}/logs"))
        .await
        .expect_code(404, 40003);
    made(&app, &gpt("GPT")).await;
    app.stop().await;
}

async fn one_active_model_is_the_default_however_many_ask_at_once(on: Backend) {
    let app = TestApp::start(on).await;
    let bodies: Vec<Value> = (0..6).map(|n| gpt(&format!("model {n}"))).collect();
    let ids = join_all(bodies.iter().map(|body| made(&app, body))).await;
    only_default(&app).await;
    let paths: Vec<String> = ids
        .iter()
        .chain(&ids)
        .map(|id| format!("/api/v1/models/{id}/default"))
        .collect();
    let nothing = json!({});
    for answer in join_all(paths.iter().map(|path| app.post(path, &nothing))).await {
        answer.expect(200);
    }
    let default = only_default(&app).await;

    let other = *ids.iter().find(|id| **id != default).expect("another");
    change(&app, other, json!({"status": "inactive"}))
        .await
        .expect(200);
    app.post(&format!("/api/v1/models/{other}/default"), &nothing)
        .await
        .expect(409);
    change(&app, default, json!({"status": "inactive"}))
        .await
        .expect(409);
    let path = |id: i64| format!("/api/v1/models/{id}");
    app.delete(&path(default)).await.expect(409);
    assert_eq!(only_default(&app).await, default);

    for id in ids.iter().filter(|id| **id != default && **id != other) {
        app.delete(&path(*id)).await.expect(200);
    }
    app.delete(&path(default)).await.expect(200);
    assert_eq!(shown(&app, other).await["is_default"], false);
    change(&app, other, json!({"status": "active"}))
        .await
        .expect(200);
    assert_eq!(only_default(&app).await, other);
    app.stop().await;
}

async fn only_default(app: &TestApp) -> i64 {
    let list = app.get("/api/v1/models?size=100").await.expect(200);
    let defaults: Vec<&Value> = list
        .list()
        .iter()
        .filter(|model| model["is_default"] == true)
        .collect();
    assert_eq!(defaults.len(), 1, "{}", list.text);
    defaults[0]["id"].as_i64().expect("an id")
}

async fn verifying_says_whether_a_model_can_be_asked_and_why_not(on: Backend) {
    let server = OpenAi::start().await;
    let mut app = TestApp::start(on).await;
    app.secrets.push(server.key.clone());
    let id = made(&app, &asking(&server, "sound")).await;
    let answer = verify(&app, id).await;
    assert_eq!(answer.json["message"], "Verified");
    let data = answer.data();
    assert_eq!(data["valid"], true, "{}", answer.text);
    assert!(data["response_time_ms"].is_i64());
    assert_eq!(data["model_info"]["id"], OpenAi::MODEL);
    assert_eq!(data["model_info"]["object"], "model");
    assert_eq!(data["model_info"]["owned_by"], "stand-in");
    assert!(data["model_info"]["created"].is_i64());

    let cases = [
        (json!({"api_key": "sk-another-not-real"}), "401"),
        (json!({"type": "nosuchmodel"}), "nosuchmodel"),
        (json!({"provider": "nosuchvendor"}), "`nosuchvendor`"),
        (json!({"api_url": "http://127.0.0.1:1/v1"}), "refused"),
    ];
    for (at, (fields, reason)) in cases.iter().enumerate() {
        let mut body = asking(&server, &format!("unsound {at}"));
        body.as_object_mut()
            .expect("an object")
            .extend(fields.as_object().expect("an object").clone());
        let id = made(&app, &body).await;
        let answer = verify(&app, id).await;
        assert_eq!(answer.json["message"], "It cannot be used");
        let data = answer.data();
        assert_eq!(data["valid"], false, "{}", answer.text);
        assert_eq!(data["model_info"], Value::Null);
        let said = data["reason"].as_str().unwrap_or_default();
        assert!(said.to_lowercase().contains(reason), "{reason}: {said}");
        let model = shown(&app, id).await;
        assert_eq!(
            (&model["call_count"], &model["failed_count"]),
            (&json!(1), &json!(1))
        );
    }

    change(&app, id, json!({"timeout": 1})).await.expect(200);
    server.then(Response::json(200, &json!({})).after(Duration::from_secs(5)));
    let slow = verify(&app, id).await;
    assert_eq!(slow.data()["valid"], false, "{}", slow.text);
    let model = shown(&app, id).await;
    assert_eq!(model["success_count"], 1);
    assert_eq!(model["failed_count"], 1);
    assert!(model["avg_response_time"].is_number());

    let logs = format!("/api/v1/models/{id}/logs");
    let all = app.get(&logs).await.expect(200);
    assert_eq!(all.list().len(), 2);
    let newest = &all.list()[0];
    assert_eq!(newest["status"], "failed");
    assert_eq!(newest["purpose"], "verify");
    assert_eq!(newest["model_id"], id);
    assert!(newest["error"].is_string());
    assert!(newest["created_at"].is_string());
    let count = async |query: &str| {
        let page = app.get(&format!("{logs}?{query}")).await.expect(200);
        page.list().len()
    };
    assert_eq!(count("status=success").await, 1);
    assert_eq!(
        count("start_time=2001-01-01T00:00:00Z&status=failed").await,
        1
    );
    assert_eq!(count("end_time=2001-01-01T00:00:00Z").await, 0);
    let backwards = "start_time=2002-01-01T00:00:00Z&end_time=2001-01-01T00:00:00Z";
    app.get(&format!("{logs}?{backwards}"))
        .await
        .expect(400)
        .names("end_time");
    app.assert_nothing_leaked();
    app.stop().await;
}

async fn verify(app: &TestApp, id: i64) -> Answer {
    let path = format!("/api/v1/models/{id}/verify");
    app.post(&path, &json!({})).await.expect(200)
}

async fn repositories_name_a_model_that_exists(on: Backend) {
    let mut app = TestApp::start(on).await;
    let id = made(&app, &gpt("reviewer")).await;
    let repo = app.repo_with("with a model", json!({"model_id": id})).await;
    let path = format!("/api/v1/repos/{}", repo.id);
    let name = async |app: &TestApp| app.get(&path).await.expect(200).data()["model_name"].clone();
    assert_eq!(name(&app).await, "reviewer");
    app.put(&path, &json!({"model_id": 999}))
        .await
        .expect_code(422, 40003)
        .names("model_id");
    let body = json!({
        "name": "without", "url": "https://github.com/company/backend-service", "type": "github", "model_id": 999,
    });
    app.post("/api/v1/repos", &body)
        .await
        .expect_code(422, 40003)
        .names("model_id");
    app.delete(&format!("/api/v1/models/{id}"))
        .await
        .expect(200);
    assert_eq!(name(&app).await, Value::Null);
    app.put(&path, &json!({"name": "still saved"}))
        .await
        .expect(200);
    app.stop().await;
}

async fn whom_to_ask_is_listed_in_order_with_the_default_at_the_end(on: Backend) {
    let app = TestApp::start(on).await;
    let mut ids = Vec::new();
    for name in ["default", "second", "third", "gone", "idle"] {
        ids.push(made(&app, &gpt(name)).await);
    }
    let [default, second, third, gone, idle] = ids[..] else {
        panic!("{ids:?}");
    };
    app.delete(&format!("/api/v1/models/{gone}"))
        .await
        .expect(200);
    change(&app, idle, json!({"status": "inactive"}))
        .await
        .expect(200);
    let db = &app.server.app().db;
    for (asked, expected) in [
        (vec![], vec![default]),
        (vec![third, second], vec![third, second, default]),
        (vec![third, third, gone, idle, 999], vec![third, default]),
        (vec![second, default, third], vec![second, default, third]),
    ] {
        let asked: Vec<ModelId> = asked.into_iter().map(ModelId::new).collect();
        let models = model::store::candidates(db.read(), &asked).await;
        let models: Vec<i64> = models
            .expect("models")
            .iter()
            .map(|model| model.id.get())
            .collect();
        assert_eq!(models, expected, "{asked:?}");
    }
    app.stop().await;
}
