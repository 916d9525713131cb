//! `/api/v1/prompts`.

mod builtin;
mod duplicate;
mod exchange;
mod labels;

use futures_util::future::join_all;
use push_notify_tests::{Answer, Backend, OpenAi, TestApp, both, until};
use serde_json::{Value, json};
use std::time::Duration;

both!(
    a_prompt_is_made_listed_shown_and_deleted_as_the_contract_says,
    each_content_is_a_version_and_none_is_lost,
    editors_at_the_same_time_never_share_a_version,
    a_trial_asks_the_model_and_is_counted,
);

fn review(name: &str) -> Value {
    json!({
        "name": name,
        "type": "codeview",
        "scene": "code_style",
        "language": "go",
        "content": "你是一位资深Go语言代码审查专家。\n\n文件名：{{.FileName}}\n代码内容：\n{{.FileContent}}",
    })
}

async fn made(app: &TestApp, body: &Value) -> i64 {
    app.post("/api/v1/prompts", body).await.expect(200).id()
}

async fn shown(app: &TestApp, id: i64) -> Value {
    let answer = app.get(&format!("/api/v1/prompts/{id}")).await.expect(200);
    answer.data().clone()
}

async fn change(app: &TestApp, id: i64, body: Value) -> Answer {
    app.put(&format!("/api/v1/prompts/{id}"), &body).await
}

async fn model(app: &TestApp, server: &OpenAi, name: &str, kind: &str) -> i64 {
    let body = json!({
        "name": name, "type": kind, "api_url": server.completions_url(), "api_key": server.key, "timeout": 10,
    });
    app.post("/api/v1/models", &body).await.expect(200).id()
}

async fn a_prompt_is_made_listed_shown_and_deleted_as_the_contract_says(on: Backend) {
    let server = OpenAi::start().await;
    let app = TestApp::start(on).await;
    let model_id = model(&app, &server, "GPT-4", OpenAi::MODEL).await;
    let mut body = review("Go代码规范检查");
    body["model_id"] = json!(model_id);
    let id = made(&app, &body).await;
    let prompt = shown(&app, id).await;
    for field in ["name", "type", "scene", "language", "content", "model_id"] {
        assert_eq!(prompt[field], body[field], "{field}");
    }
    assert_eq!(prompt["model_name"], "GPT-4");
    assert_eq!(prompt["variables"], json!(["FileName", "FileContent"]));
    assert_eq!(prompt["version"], 1);
    assert_eq!(prompt["usage_count"], 0);

    let message = json!({
        "name": "message", "type": "message", "target_type": "dingtalk", "content": "Say it shortly: {{.CommitMsg}}",
        "scene": "", "language": null,
    });
    let second = made(&app, &message).await;
    assert_eq!(shown(&app, second).await["target_type"], "dingtalk");
    assert_eq!(shown(&app, second).await["scene"], Value::Null);
    for (query, ids) in [
        ("type=codeview&include_system=false", vec![id]),
        ("type=message", vec![second]),
        ("scene=code_style", vec![id]),
        ("keyword=%E8%A7%84%E8%8C%83", vec![id]),
        ("sort=id&order=asc&include_system=false", vec![id, second]),
        ("keyword=100%25", vec![]),
    ] {
        let list = app.get(&format!("/api/v1/prompts?{query}")).await;
        let list = list.expect(200);
        let found: Vec<i64> = list
            .list()
            .iter()
            .filter_map(|prompt| prompt["id"].as_i64())
            .collect();
        assert_eq!(found, ids, "{query}");
    }

    app.post("/api/v1/prompts", &review("message"))
        .await
        .expect_code(409, 60001);
    change(&app, second, json!({"name": "Go代码规范检查"}))
        .await
        .expect_code(409, 60001);
    change(&app, second, json!({"model_id": 999}))
        .await
        .expect_code(422, 40003)
        .names("model_id");
    app.delete(&format!("/api/v1/models/{model_id}"))
        .await
        .expect(200);
    assert_eq!(shown(&app, id).await["model_name"], Value::Null);

    let path = format!("/api/v1/prompts/{id}");
    app.delete(&path).await.expect(200);
    app.get(&path).await.expect(404);
    app.delete(&path).await.expect(404);
    for end in ["versions", "export"] {
        app.get(&format!("{path}/{end}")).await.expect(404);
    }
    made(&app, &review("Go代码规范检查")).await;
    app.stop().await;
}

async fn each_content_is_a_version_and_none_is_lost(on: Backend) {
    let app = TestApp::start(on).await;
    let id = made(&app, &review("versions")).await;
    let content = "Only the diff: {{.DiffContent}}";
    let changed = change(&app, id, json!({"content": content}))
        .await
        .expect(200);
    assert_eq!(changed.data()["version"], 2);
    assert_eq!(changed.data()["variables"], json!(["DiffContent"]));
    let renamed = change(
        &app,
        id,
        json!({"name": "renamed", "content": content, "scene": null}),
    );
    let renamed = renamed.await.expect(200);
    assert_eq!(renamed.data()["version"], 2);
    assert_eq!(renamed.data()["scene"], Value::Null);
    assert_eq!(renamed.data()["language"], "go");

    let rollback = format!("/api/v1/prompts/{id}/rollback");
    let back = app
        .post(&rollback, &json!({"version": 1}))
        .await
        .expect(200);
    assert_eq!(back.data()["version"], 3);
    assert_eq!(back.data()["content"], review("")["content"]);
    let same = app.post(&rollback, &json!({"version": 1})).await;
    assert_eq!(same.expect(200).data()["version"], 3, "it says so already");
    for version in [json!(0), json!(99)] {
        app.post(&rollback, &json!({"version": version}))
            .await
            .expect(422)
            .names("version");
    }
    let versions = app.get(&format!("/api/v1/prompts/{id}/versions")).await;
    let versions = versions.expect(200);
    let numbers: Vec<&Value> = versions
        .list()
        .iter()
        .map(|entry| &entry["version"])
        .collect();
    assert_eq!(numbers, [3, 2, 1]);
    assert_eq!(versions.list()[1]["content"], content);
    assert_eq!(versions.list()[1]["created_by"], "admin");
    assert!(versions.list()[1]["created_at"].is_string());
    let last = format!("/api/v1/prompts/{id}/versions?size=1&page=3");
    let page = app.get(&last).await.expect(200);
    assert_eq!(page.data()["pagination"]["total"], 3);
    assert_eq!(page.list()[0]["version"], 1);

    // Only the newest thousand are kept.
    let later = format!("UPDATE prompts SET version = 1001 WHERE id = {id}");
    let pool = app.server.app().db.write();
    sqlx::query(sqlx::AssertSqlSafe(later))
        .execute(pool)
        .await
        .expect("a later version");
    let newest = json!({"content": "The newest: {{.DiffContent}}"});
    let changed = change(&app, id, newest).await.expect(200);
    assert_eq!(changed.data()["version"], 1002);
    let versions = app.get(&format!("/api/v1/prompts/{id}/versions")).await;
    let versions = versions.expect(200);
    assert_eq!(versions.list().len(), 2);
    assert_eq!(versions.list()[1]["version"], 3);
    app.stop().await;
}

async fn editors_at_the_same_time_never_share_a_version(on: Backend) {
    let app = TestApp::start(on).await;
    let id = made(&app, &review("shared")).await;
    let edits = (0..8).map(|n| {
        let content = format!("{n}: {{{{.DiffContent}}}}");
        change(&app, id, json!({ "content": content }))
    });
    let answers = join_all(edits).await;
    let saved = answers.iter().filter(|answer| answer.status == 200).count();
    assert!(saved >= 1);
    let refused = answers.iter().filter(|answer| answer.status == 409).count();
    assert_eq!(saved + refused, answers.len());
    assert_eq!(shown(&app, id).await["version"], 1 + saved);
    let versions = app.get(&format!("/api/v1/prompts/{id}/versions")).await;
    assert_eq!(versions.expect(200).list().len(), 1 + saved);
    app.stop().await;
}

async fn a_trial_asks_the_model_and_is_counted(on: Backend) {
    let server = OpenAi::start().await;
    let mut app = TestApp::start(on).await;
    app.secrets.push(server.key.clone());
    let id = made(&app, &review("trial")).await;
    let path = format!("/api/v1/prompts/{id}/test");
    let data =
        json!({"test_data": {"FileName": "{{.Branch}}\u{0}", "FileContent": "package <main> [x]"}});
    app.post(&path, &data)
        .await
        .expect_code(422, 40003)
        .names("model_id");

    let default = model(&app, &server, "default", OpenAi::MODEL).await;
    let tested = app.post(&path, &data).await.expect(200);
    assert_eq!(tested.data()["result"], OpenAi::TEXT);
    assert_eq!(tested.data()["model_name"], "default");
    assert_eq!(tested.data()["tokens_used"], 28);
    assert!(tested.data()["duration_ms"].is_i64());
    let asked = server.requests().last().expect("a request").json();
    let asked = asked["messages"][0]["content"]
        .as_str()
        .expect("a text")
        .to_owned();
    assert!(asked.contains("文件名：{{.Branch}}"), "{asked}");
    assert!(asked.ends_with("package <main> [x]"), "{asked}");

    let wrong = model(&app, &server, "wrong", "nosuchmodel").await;
    change(&app, id, json!({"model_id": wrong}))
        .await
        .expect(200);
    let failed = app.post(&path, &data).await.expect_code(424, 40002);
    assert!(failed.details().contains("nosuchmodel"), "{}", failed.text);
    app.put(
        &format!("/api/v1/models/{wrong}"),
        &json!({"status": "inactive"}),
    )
    .await
    .expect(200);
    let again = app.post(&path, &json!({"test_data": {}})).await.expect(200);
    assert_eq!(again.data()["model_name"], "default");
    let made_up = server.requests().last().expect("a request").json();
    assert!(made_up.to_string().contains("src/login.go"), "{made_up}");

    assert_eq!(shown(&app, id).await["usage_count"], 3);
    let logs = app.get(&format!("/api/v1/models/{default}/logs")).await;
    let logs = logs.expect(200);
    assert_eq!(logs.list().len(), 2);
    assert_eq!(logs.list()[0]["purpose"], "prompt_test");
    assert_eq!(logs.list()[0]["tokens_used"], 28);
    assert_eq!(logs.list()[0]["output_summary"], OpenAi::TEXT);
    let model = app.get(&format!("/api/v1/models/{default}")).await;
    assert_eq!(model.expect(200).data()["call_count"], 2);
    app.post(&path, &json!({}))
        .await
        .expect(422)
        .names("test_data");
    app.assert_nothing_leaked();
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_is_recorded_also_when_nobody_waits_for_its_end() {
    let server = OpenAi::start().await;
    let app = TestApp::start(Backend::Sqlite).await;
    let model_id = model(&app, &server, "slow", OpenAi::MODEL).await;
    let id = made(&app, &review("impatient")).await;
    server.then(OpenAi::says("at last").after(Duration::from_millis(800)));
    let path = format!("/api/v1/prompts/{id}/test");
    let request = app
        .request(reqwest::Method::POST, &path)
        .json(&json!({"test_data": {}}))
        .timeout(Duration::from_millis(300));
    assert!(app.try_send(request).await.is_err());
    let logs = format!("/api/v1/models/{model_id}/logs");
    let calls = until("the call to be recorded", async || {
        let calls = app.get(&logs).await.expect(200);
        (!calls.list().is_empty()).then_some(calls)
    });
    assert_eq!(calls.await.list()[0]["output_summary"], "at last");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_prompt_needs_its_variables_and_knows_no_others() {
    let app = TestApp::start(Backend::Sqlite).await;
    let refused = async |kind: &str, content: &str| {
        let target_type = (kind == "message").then_some("email");
        let body =
            json!({"name": "p", "type": kind, "content": content, "target_type": target_type});
        let answer = app.post("/api/v1/prompts", &body).await;
        assert_eq!(answer.status, 422, "{content}: {}", answer.text);
        answer.names("content");
        answer
    };
    let lacking = refused("codeview", "Review {{.FileName}}").await;
    lacking.clone().expect_code(422, 60002).names("FileContent");
    lacking.names("DiffContent");
    refused("message", "Say hello to {{.Author}}")
        .await
        .expect_code(422, 60002)
        .names("CommitMsg");
    // A mention in a text is not the variable.
    refused("codeview", "{{\"{{.FileContent}}\"}} FileContent")
        .await
        .expect_code(422, 60002);
    for (kind, content, name) in [
        ("codeview", "{{.FileContent}}{{.Author}}", "{{.Author}}"),
        (
            "message",
            "{{.CommitMsg}}{{.FileContent}}",
            "{{.FileContent}}",
        ),
        ("codeview", "{{.FileContent}}{{.Nosuch}}", "{{.Nosuch}}"),
    ] {
        refused(kind, content)
            .await
            .expect_code(422, 422)
            .names(name);
    }
    for content in ["{{.FileContent", "{{nosuch .FileContent}}", "", "  \n"] {
        refused("codeview", content).await;
    }
    for (body, name) in [
        (
            json!({"name": "p", "type": "message", "content": "{{.CommitMsg}}"}),
            "target_type",
        ),
        (
            json!({"name": "p", "type": "message", "content": "{{.CommitMsg}}", "target_type": "pigeon"}),
            "target_type",
        ),
        (
            json!({"name": "p", "type": "codeview", "content": "{{.DiffContent}}", "target_type": "email"}),
            "target_type",
        ),
        (
            json!({"name": "p", "type": "other", "content": "{{.DiffContent}}"}),
            "type",
        ),
        (json!({"type": "codeview"}), "name"),
    ] {
        app.post("/api/v1/prompts", &body)
            .await
            .expect(422)
            .names(name);
    }
    let id = made(&app, &review("sound")).await;
    change(&app, id, json!({"content": "nothing"}))
        .await
        .expect_code(422, 60002);
    change(&app, id, json!({"type": "message"}))
        .await
        .expect(422)
        .names("type");
    let compared = json!({"content": "{{if eq .Language \"Go\"}}gofmt {{end}}{{.DiffContent}}"});
    change(&app, id, compared).await.expect(200);
    app.stop().await;
}
