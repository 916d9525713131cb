//! The prompts that the server brings along.

use super::{change, made, review, shown};
use futures_util::future::join_all;
use push_notify::prompt::{choose, ensure_builtin, store};
use push_notify_tests::{Answer, Backend, OpenAi, TestApp, both};
use serde_json::{Value, json};

both!(
    built_in_prompts_are_listed_by_language_and_locale,
    a_built_in_prompt_can_be_used_and_copied_but_not_changed,
    a_newer_text_is_a_new_version_and_what_users_made_stays,
    servers_that_start_together_add_each_built_in_prompt_once,
    a_users_own_prompt_is_chosen_before_the_built_in_one,
);

const GO_ZH: &str = "code_review/go/zh-CN";

async fn list(app: &TestApp, query: &str) -> Vec<Value> {
    let path = format!("/api/v1/prompts?size=100&sort=id&order=asc&{query}");
    app.get(&path).await.expect(200).list().clone()
}

/// The Chinese one for Go.
async fn go(app: &TestApp) -> i64 {
    let found = list(app, "language=go&locale=zh-CN&keyword=%E4%BB%A3%E7%A0%81").await;
    assert_eq!(found.len(), 1, "{found:?}");
    found[0]["id"].as_i64().expect("an id")
}

async fn run(app: &TestApp, sql: String) {
    let sql = sqlx::AssertSqlSafe(sql);
    let done = sqlx::query(sql).execute(app.server.app().db.write()).await;
    done.expect("the statement is sound");
}

async fn built_in_prompts_are_listed_by_language_and_locale(on: Backend) {
    let app = TestApp::start(on).await;
    assert_eq!(list(&app, "").await.len(), 32);
    assert!(list(&app, "include_system=false").await.is_empty());
    for (query, names) in [
        ("language=Go", vec!["Go代码审查", "Go code review"]),
        ("language=cpp&locale=en-US", vec!["C++ code review"]),
        ("keyword=general", vec!["General code review"]),
    ] {
        let found = list(&app, query).await;
        let found: Vec<&Value> = found.iter().map(|prompt| &prompt["name"]).collect();
        assert_eq!(found, names, "{query}");
    }
    for locale in ["zh-CN", "en-US"] {
        let found = list(&app, &format!("locale={locale}&include_system=true")).await;
        assert_eq!(found.len(), 16);
        for prompt in &found {
            assert_eq!(prompt["is_system"], true);
            assert_eq!(prompt["scene"], "code_review");
            assert_eq!(prompt["type"], "codeview");
            assert_eq!(prompt["version"], 1);
            assert!(prompt["description"].is_string(), "{prompt}");
            assert_eq!(
                prompt["severities"],
                json!(["CRITICAL", "HIGH", "MEDIUM", "LOW"])
            );
        }
        let general = found.iter().filter(|prompt| prompt["language"].is_null());
        assert_eq!(general.count(), 1);
    }
    let refused = app.get("/api/v1/prompts?include_system=perhaps").await;
    refused.expect(400).names("include_system");
    app.stop().await;
}

async fn a_built_in_prompt_can_be_used_and_copied_but_not_changed(on: Backend) {
    let server = OpenAi::start().await;
    let app = TestApp::start(on).await;
    let id = go(&app).await;
    let before = shown(&app, id).await;
    let path = format!("/api/v1/prompts/{id}");
    let refused = |answer: Answer| {
        let answer = answer.expect_code(403, 403);
        let message = answer.json["message"].as_str().unwrap_or_default();
        assert!(message.contains("duplicate"), "{message}");
    };
    refused(change(&app, id, json!({"content": "Mine: {{.DiffContent}}"})).await);
    refused(change(&app, id, json!({})).await);
    refused(app.delete(&path).await);
    let rollback = format!("{path}/rollback");
    refused(app.post(&rollback, &json!({"version": 1})).await);
    assert_eq!(shown(&app, id).await, before);
    let versions = app.get(&format!("{path}/versions")).await.expect(200);
    assert_eq!(versions.list()[0]["created_by"], "system");

    let body = json!({
        "name": "m", "type": OpenAi::MODEL, "api_url": server.completions_url(), "api_key": server.key,
    });
    app.post("/api/v1/models", &body).await.expect(200);
    let data = json!({"test_data": {"DiffContent": "+ the line of the test"}});
    let tested = app.post(&format!("{path}/test"), &data).await.expect(200);
    assert_eq!(tested.data()["result"], OpenAi::TEXT);
    let asked = server.requests().last().expect("a request").json();
    assert!(asked.to_string().contains("+ the line of the test"));
    assert_eq!(shown(&app, id).await["usage_count"], 1);

    let file = app.get(&format!("{path}/export")).await.expect(200);
    super::exchange::import(&app, &file.text)
        .await
        .expect_code(409, 60001);
    let file = file.text.replace("Go代码审查", "elsewhere");
    let imported = super::exchange::import(&app, &file).await.expect(200);
    let copied = app.post(&format!("{path}/duplicate"), &json!({})).await;
    let copied = copied.expect(200);
    assert_eq!(copied.data()["name"], "Go代码审查 (copy)");
    for own in [imported, copied] {
        assert_eq!(own.data()["is_system"], false);
        for field in ["content", "language", "scene", "locale", "description"] {
            assert_eq!(own.data()[field], before[field], "{field}");
        }
        let changed = change(&app, own.id(), json!({"content": "Mine: {{.DiffContent}}"}));
        assert_eq!(changed.await.expect(200).data()["version"], 2);
        let path = format!("/api/v1/prompts/{}", own.id());
        app.delete(&path).await.expect(200);
    }
    app.stop().await;
}

async fn a_newer_text_is_a_new_version_and_what_users_made_stays(on: Backend) {
    let app = TestApp::start(on).await;
    let id = go(&app).await;
    let own = made(&app, &review("ours")).await;
    let all = list(&app, "").await;
    let text = shown(&app, id).await["content"].clone();

    ensure_builtin(app.server.app())
        .await
        .expect("it is up to date");
    assert_eq!(list(&app, "").await, all, "nothing is written");

    // What an earlier release might have left: another text of one, another description of the
    // next, and the third not there, whose name a user has taken.
    let earlier = "An earlier text: {{.DiffContent}}";
    run(
        &app,
        format!("UPDATE prompts SET content = '{earlier}' WHERE system_key = '{GO_ZH}'"),
    )
    .await;
    run(
        &app,
        format!("UPDATE prompt_versions SET content = '{earlier}' WHERE prompt_id = {id}"),
    )
    .await;
    run(
        &app,
        "UPDATE prompts SET description = 'old' WHERE system_key = 'code_review/rust/en-US'"
            .to_owned(),
    )
    .await;
    let php = list(&app, "language=php&locale=en-US").await[0]["id"].clone();
    run(
        &app,
        format!("DELETE FROM prompt_versions WHERE prompt_id = {php}"),
    )
    .await;
    run(&app, format!("DELETE FROM prompts WHERE id = {php}")).await;
    let mut taken = review("PHP code review");
    taken["language"] = json!("php");
    let taken = made(&app, &taken).await;
    ensure_builtin(app.server.app())
        .await
        .expect("it is brought up to date");

    let renewed = shown(&app, id).await;
    assert_eq!(renewed["content"], text);
    assert_eq!(renewed["version"], 2);
    let versions = app.get(&format!("/api/v1/prompts/{id}/versions")).await;
    let versions = versions.expect(200);
    let texts: Vec<&Value> = versions
        .list()
        .iter()
        .map(|version| &version["content"])
        .collect();
    assert_eq!(texts, [&text, &json!(earlier)]);
    assert_eq!(versions.list()[0]["created_by"], "system");
    let rust = &list(&app, "language=rust&locale=en-US").await[0];
    assert_eq!(
        rust["description"],
        "Built in: reviews changes of Rust code"
    );
    assert_eq!(rust["version"], 1, "its text is the same");
    let php = list(&app, "language=php").await;
    let names: Vec<&Value> = php.iter().map(|prompt| &prompt["name"]).collect();
    assert_eq!(
        names,
        ["PHP代码审查", "PHP code review", "PHP code review (2)"]
    );
    assert_eq!(shown(&app, taken).await["is_system"], false);
    assert_eq!(shown(&app, own).await["content"], review("")["content"]);
    assert_eq!(list(&app, "").await.len(), 34);
    app.stop().await;
}

async fn servers_that_start_together_add_each_built_in_prompt_once(on: Backend) {
    let app = TestApp::start(on).await;
    run(&app, "DELETE FROM prompt_versions".to_owned()).await;
    run(&app, "DELETE FROM prompts".to_owned()).await;
    let server = app.server.app();
    for outcome in join_all((0..4).map(|_| ensure_builtin(server))).await {
        outcome.expect("it starts");
    }
    assert_eq!(list(&app, "").await.len(), 32);

    run(
        &app,
        "UPDATE prompts SET content = 'old {{.DiffContent}}'".to_owned(),
    )
    .await;
    for outcome in join_all((0..4).map(|_| ensure_builtin(server))).await {
        outcome.expect("it starts");
    }
    for prompt in list(&app, "").await {
        assert_eq!(prompt["version"], 2, "{prompt}");
    }
    app.stop().await;
}

async fn a_users_own_prompt_is_chosen_before_the_built_in_one(on: Backend) {
    let app = TestApp::start(on).await;
    let chosen = async |language: Option<&str>, locale: &str| {
        let prompts = store::candidates(app.server.app().db.read()).await;
        let prompts = prompts.expect("they can be read");
        let found = choose(&prompts, None, language, Some("code_review"), locale);
        found.expect("there is always one").clone()
    };
    let builtin = chosen(Some("go"), "zh-CN").await;
    assert_eq!(builtin.id.get(), go(&app).await);
    assert!(builtin.is_system);
    assert_eq!(builtin.severities, ["CRITICAL", "HIGH", "MEDIUM", "LOW"]);
    for (language, locale) in [(None, "en-US"), (Some("cobol"), "zh-CN")] {
        let general = chosen(language, locale).await;
        assert_eq!(
            (general.language, general.locale.as_deref()),
            (None, Some(locale))
        );
    }

    let mut body = review("ours");
    body["scene"] = Value::Null;
    body["language"] = json!("Golang");
    body["severities"] = json!(["HIGH"]);
    let own = made(&app, &body).await;
    let found = chosen(Some("go"), "zh-CN").await;
    let id = found.id.get();
    assert_eq!((id, found.version, found.is_system), (own, 1, false));
    assert_eq!(found.content, body["content"].as_str().unwrap_or_default());
    assert_eq!(found.severities, ["HIGH"]);
    assert_eq!(found.categories.len(), 6);
    assert_ne!(chosen(Some("rust"), "zh-CN").await.id.get(), own);
    app.delete(&format!("/api/v1/prompts/{own}"))
        .await
        .expect(200);
    assert_eq!(chosen(Some("go"), "zh-CN").await.id, builtin.id);
    app.stop().await;
}
