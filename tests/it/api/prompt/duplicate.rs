//! `POST /api/v1/prompts/{id}/duplicate`.

use super::{change, made, review, shown};
use push_notify_tests::{Backend, TestApp, both};
use serde_json::{Value, json};

both!(a_copy_says_the_same_under_a_name_of_its_own);

async fn a_copy_says_the_same_under_a_name_of_its_own(on: Backend) {
    let app = TestApp::start(on).await;
    let model = json!({
        "name": "reviewer", "type": "gpt-4", "api_url": "https://api.example.com/v1",
        "api_key": "test-secret-not-real",
    });
    let model_id = app.post("/api/v1/models", &model).await.expect(200).id();
    let mut body = review("ours");
    body["model_id"] = json!(model_id);
    body["description"] = json!("of our team");
    body["locale"] = json!("zh-CN");
    body["categories"] = json!(["STYLE", "NAMING"]);
    body["severities"] = json!(["HIGH"]);
    let id = made(&app, &body).await;
    change(&app, id, json!({"content": "Now: {{.DiffContent}}"}))
        .await
        .expect(200);
    body["content"] = json!("Now: {{.DiffContent}}");

    let path = format!("/api/v1/prompts/{id}/duplicate");
    let named = async |body: Value| {
        let copy = app.post(&path, &body).await.expect(200);
        copy.data()["name"].clone()
    };
    assert_eq!(named(json!({})).await, "ours (copy)");
    assert_eq!(named(json!({"name": null})).await, "ours (copy 2)");
    assert_eq!(named(json!({"name": " theirs "})).await, "theirs");
    let bare = app.request(reqwest::Method::POST, &path);
    let copy = app.send(bare).await.expect(200);
    assert_eq!(copy.data()["name"], "ours (copy 3)", "no body will do too");
    assert_ne!(copy.id(), id);
    body["name"] = json!("ours (copy 3)");
    for (field, value) in body.as_object().expect("an object") {
        assert_eq!(&copy.data()[field], value, "{field}");
    }
    assert_eq!(copy.data()["version"], 1);
    assert_eq!(copy.data()["usage_count"], 0);
    let versions = format!("/api/v1/prompts/{}/versions", copy.id());
    let versions = app.get(&versions).await.expect(200);
    assert_eq!(versions.list().len(), 1);
    assert_eq!(versions.list()[0]["content"], body["content"]);

    // The original and its copies go their own ways.
    change(
        &app,
        copy.id(),
        json!({"content": "Mine: {{.DiffContent}}"}),
    )
    .await
    .expect(200);
    assert_eq!(shown(&app, id).await["content"], body["content"]);

    app.post(&path, &json!({"name": "ours"}))
        .await
        .expect_code(409, 60001);
    for name in [json!(""), json!("x".repeat(101))] {
        app.post(&path, &json!({"name": name}))
            .await
            .expect(422)
            .names("name");
    }
    app.delete(&format!("/api/v1/prompts/{id}"))
        .await
        .expect(200);
    app.post(&path, &json!({})).await.expect(404);

    let deeds = app
        .get("/api/v1/logs/operations?action=prompt.duplicate&sort=created_at&order=asc")
        .await
        .expect(200);
    assert_eq!(deeds.list().len(), 4);
    assert_eq!(deeds.list()[0]["detail"], "Duplicated prompt: ours (copy)");
    app.stop().await;
}
