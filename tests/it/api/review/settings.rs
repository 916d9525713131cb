use push_notify_tests::{Backend, OpenAi, TestApp, both};
use serde_json::{Value, json};

both!(
    what_a_repository_asks_of_reviews_is_kept_and_changed_field_by_field,
    what_reviews_name_must_be_there,
);

fn usual() -> Value {
    json!({
        "on": null, "language": "zh-CN", "style": "detailed", "prompt_id": null, "scene": null,
        "fallback_model_ids": [], "file_patterns": [], "ignore_patterns": [], "severity_floor": "LOW",
        "silent_when_clean": false, "skip_drafts": true, "publish": [], "verdict": false, "max_tokens": null,
        "daily_tokens": null, "enabled_for": [],
    })
}

async fn model(app: &TestApp, name: &str) -> i64 {
    let body = json!({
        "name": name, "type": OpenAi::MODEL, "api_url": "https://ai.example.com/v1/chat/completions", "api_key": "sk-not-real",
    });
    app.post("/api/v1/models", &body).await.expect(200).id()
}

async fn what_a_repository_asks_of_reviews_is_kept_and_changed_field_by_field(on: Backend) {
    let mut app = TestApp::start(on).await;
    let plain = app.repo("plain").await;
    let plain = format!("/api/v1/repos/{}", plain.id);
    assert_eq!(app.get(&plain).await.expect(200).data()["review"], usual());
    // A model alone turns reviews on.
    let model = model(&app, "reviewer").await;
    let change =
        async |body: Value| app.put(&plain, &body).await.expect(200).data()["review"].clone();
    let mut expected = usual();
    expected["enabled_for"] = json!(["push", "merge_request"]);
    assert_eq!(change(json!({"model_id": model})).await, expected);
    let some = json!({"review": {
        "on": ["merge_request"], "language": "en-US", "ignore_patterns": ["dist/**", "*.test.ts"], "max_tokens": 50_000,
        "fallback_model_ids": [model], "severity_floor": "MEDIUM", "publish": ["status", "inline"], "scene": "security",
    }});
    for (name, value) in some["review"].as_object().expect("fields") {
        expected[name] = value.clone();
    }
    expected["publish"] = json!(["inline", "status"]);
    expected["enabled_for"] = json!(["merge_request"]);
    assert_eq!(change(some).await, expected);
    // What was shown can be sent back.
    let shown = app.get(&plain).await.expect(200).data().clone();
    assert_eq!(change(shown).await, expected);
    expected["style"] = json!("strict");
    expected["max_tokens"] = Value::Null;
    expected["on"] = Value::Null;
    expected["enabled_for"] = json!(["push", "merge_request"]);
    let body = json!({"review": {"style": "strict", "max_tokens": null, "on": null}});
    assert_eq!(change(body).await, expected);
    assert_eq!(change(json!({"name": "renamed"})).await, expected);
    expected = usual();
    expected["enabled_for"] = json!(["push", "merge_request"]);
    assert_eq!(change(json!({"review": null})).await, expected);

    let made = app
        .repo_with("made", json!({"review": {"on": ["push"], "verdict": true}}))
        .await;
    let made = app
        .get(&format!("/api/v1/repos/{}", made.id))
        .await
        .expect(200);
    assert_eq!(made.data()["review"]["on"], json!(["push"]));
    assert_eq!(made.data()["review"]["verdict"], true);
    assert_eq!(made.data()["review"]["enabled_for"], json!(["push"]));
    app.stop().await;
}

async fn what_reviews_name_must_be_there(on: Backend) {
    let mut app = TestApp::start(on).await;
    let repo = app.repo("backend").await;
    let path = format!("/api/v1/repos/{}", repo.id);
    let prompt = async |name: &str, body: Value| {
        let mut prompt = json!({"name": name, "content": "{{.CommitMsg}} {{.DiffContent}}"});
        for (field, value) in body.as_object().expect("fields") {
            prompt[field] = value.clone();
        }
        app.post("/api/v1/prompts", &prompt).await.expect(200).id()
    };
    let review = prompt("review", json!({"type": "codeview"})).await;
    let message =
        json!({"type": "message", "target_type": "dingtalk", "content": "{{.CommitMsg}}"});
    let message = prompt("message", message).await;
    let model = model(&app, "second").await;
    let put = async |review: Value| app.put(&path, &json!({ "review": review })).await;
    put(json!({"prompt_id": message}))
        .await
        .expect_code(422, 422)
        .names("review.prompt_id");
    put(json!({"prompt_id": 999_999}))
        .await
        .expect_code(422, 422)
        .names("review.prompt_id");
    let answer = put(json!({"fallback_model_ids": [model, 999_999]})).await;
    answer
        .expect_code(422, 40003)
        .names("review.fallback_model_ids");
    let body = json!({
        "name": "new", "url": "https://github.com/a/b", "type": "github", "review": {"fallback_model_ids": [999_999]},
    });
    app.post("/api/v1/repos", &body)
        .await
        .expect_code(422, 40003);
    put(json!({"file_patterns": ["src/[a"]}))
        .await
        .expect(422)
        .names("review.file_patterns");
    put(json!({"ignore": []}))
        .await
        .expect(422)
        .names("review.ignore");
    put(json!("all")).await.expect(400).names("review");

    put(json!({"prompt_id": review, "fallback_model_ids": [model]}))
        .await
        .expect(200);
    // What is deleted since may stay.
    app.delete(&format!("/api/v1/prompts/{review}"))
        .await
        .expect(200);
    let kept = put(json!({"prompt_id": review, "style": "concise"}))
        .await
        .expect(200);
    assert_eq!(kept.data()["review"]["prompt_id"], review);
    app.stop().await;
}
