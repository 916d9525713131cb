//! `GET /api/v1/prompts/{id}/export` and `POST /api/v1/prompts/import`.

use super::{change, made, review};
use push_notify_tests::{Answer, Backend, TestApp, both};
use serde_json::{Value, json};

both!(what_is_exported_can_be_imported_again);

const BOUNDARY: &str = "boundary-of-the-test";

async fn export(app: &TestApp, id: i64) -> Answer {
    let path = format!("/api/v1/prompts/{id}/export");
    app.get(&path).await.expect(200)
}

pub async fn import(app: &TestApp, document: &str) -> Answer {
    upload(app, &part("file", document)).await
}

fn part(name: &str, content: &str) -> String {
    format!(
        "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"prompt.json\"\r\n\
         Content-Type: application/json\r\n\r\n{content}\r\n--{BOUNDARY}--\r\n"
    )
}

async fn upload(app: &TestApp, body: &str) -> Answer {
    let kind = format!("multipart/form-data; boundary={BOUNDARY}");
    let request = app
        .request(reqwest::Method::POST, "/api/v1/prompts/import")
        .header("content-type", kind)
        .body(body.to_owned());
    app.send(request).await
}

async fn what_is_exported_can_be_imported_again(on: Backend) {
    let app = TestApp::start(on).await;
    let model = json!({
        "name": "reviewer", "type": "gpt-4", "api_url": "https://api.example.com/v1",
        "api_key": "test-secret-not-real",
    });
    let model_id = app.post("/api/v1/models", &model).await.expect(200).id();
    let mut body = review("travels");
    body["model_id"] = json!(model_id);
    body["description"] = json!("for all teams");
    body["locale"] = json!("zh-CN");
    body["categories"] = json!(["STYLE", "NAMING"]);
    body["severities"] = json!(["HIGH", "LOW"]);
    let id = made(&app, &body).await;
    let file = export(&app, id).await;
    assert_eq!(file.header("content-type"), Some("application/json"));
    let disposition = format!("attachment; filename=\"prompt-{id}.json\"");
    assert_eq!(
        file.header("content-disposition"),
        Some(disposition.as_str())
    );
    assert_eq!(file.json["format"], "push-notify-prompt");
    assert_eq!(file.json["version"], 1);

    import(&app, &file.text).await.expect_code(409, 60001);
    change(&app, id, json!({"name": "renamed"}))
        .await
        .expect(200);
    let copy = import(&app, &file.text).await.expect(200);
    for (field, value) in body.as_object().expect("an object") {
        assert_eq!(&copy.data()[field], value, "{field}");
    }
    assert_eq!(copy.data()["version"], 1);
    let path = format!("/api/v1/prompts/{}", copy.id());
    app.delete(&path).await.expect(200);
    app.delete(&format!("/api/v1/models/{model_id}"))
        .await
        .expect(200);
    let again = import(&app, &file.text).await.expect(200);
    assert_eq!(again.data()["model_id"], Value::Null);
    let exported = export(&app, again.id()).await;
    assert_eq!(
        exported.json["prompt"]["content"],
        file.json["prompt"]["content"]
    );

    let message = json!({
        "name": "of a message", "type": "message", "target_type": "email", "content": "{{.CodeViewResult}}\t\"quoted\" <b>",
    });
    let id = made(&app, &message).await;
    let file = export(&app, id).await;
    app.delete(&format!("/api/v1/prompts/{id}"))
        .await
        .expect(200);
    let copy = import(&app, &file.text).await.expect(200);
    for field in ["name", "type", "target_type", "content"] {
        assert_eq!(copy.data()[field], message[field], "{field}");
    }
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_is_no_prompt_is_refused_saying_why() {
    let app = TestApp::start(Backend::Sqlite).await;
    let path = "/api/v1/prompts/import";
    app.post(path, &json!({})).await.expect(415);
    // A little over the limit: what the server leaves unread fits into the buffers of the
    // connection.
    import(&app, &"x".repeat((1 << 20) + 1024))
        .await
        .expect(413);
    upload(&app, "no parts at all").await.expect(400);
    upload(&app, &part("another", "{}"))
        .await
        .expect(400)
        .names("file");
    let two = format!(
        "{}{}",
        part("another", "{}").replace(&format!("--{BOUNDARY}--\r\n"), ""),
        part("file", "{}")
    );
    upload(&app, &two).await.expect(400).names("another");
    for text in ["", "{", "[]", "\u{0}"] {
        import(&app, text).await.expect(400).names("file");
    }
    let document = |prompt: Value| {
        json!({"format": "push-notify-prompt", "version": 1, "prompt": prompt}).to_string()
    };
    for (document, name) in [
        ("{}".to_owned(), "format"),
        (
            document(json!({})).replace("push-notify-prompt", "other"),
            "format",
        ),
        (document(json!({})).replace(":1", ":2"), "version"),
        (document(json!({})), "content"),
        (
            document(json!({"name": "p", "type": "codeview", "content": "x"})),
            "DiffContent",
        ),
        (
            document(json!({"name": "p", "type": "nosuch", "content": "{{.DiffContent}}"})),
            "type",
        ),
    ] {
        import(&app, &document).await.expect(422).names(name);
    }
    let mistyped = document(json!({"name": 1, "type": "codeview", "content": "{{.DiffContent}}"}));
    import(&app, &mistyped).await.expect(400).names("name");
    assert!(
        app.get("/api/v1/prompts?include_system=false")
            .await
            .expect(200)
            .list()
            .is_empty()
    );
    app.stop().await;
}
