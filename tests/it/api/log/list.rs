use super::rows::{MINUTE, THEN, add_call, add_lines, done, failed, line};
use push_notify::log::{
    Kind,
    system::{Level, Line},
};
use push_notify_tests::{Answer, Backend, TestApp, both};
use reqwest::header::{ACCEPT_LANGUAGE, HeaderMap, HeaderValue};
use serde_json::{Value, json};

both!(
    the_system_log_is_filtered_and_paged,
    operations_say_who_did_what_from_where,
    calls_of_models_are_listed,
    a_search_merges_the_logs_newest_first,
    a_wrong_parameter_is_named,
);

async fn the_system_log_is_filtered_and_paged(on: Backend) {
    let app = TestApp::start(on).await;
    let lines: Vec<Line> = (0..300)
        .map(|number| {
            let level = Level::ALL[number as usize % 4];
            line(level, &format!("line {number:03}"), THEN + number * MINUTE)
        })
        .collect();
    add_lines(&app, &lines).await;
    let marked = Line {
        detail: Some(json!({"push.id": 7}).to_string()),
        request_id: Some("req-100%_sure".to_owned()),
        client_ip: Some("192.0.2.7".to_owned()),
        ..line(Level::Warn, "Cannot send 发送失败", THEN - MINUTE)
    };
    add_lines(&app, &[marked]).await;

    let all = app.get("/api/v1/logs/system?size=50").await.expect(200);
    assert_eq!(all.data()["pagination"]["total"], 301);
    assert_eq!(all.data()["pagination"]["total_pages"], 7);
    assert_eq!(messages(&all)[..2], ["line 299", "line 298"]);
    let oldest = app
        .get("/api/v1/logs/system?order=asc&page=2&size=2")
        .await
        .expect(200);
    assert_eq!(messages(&oldest), ["line 001", "line 002"]);

    let warnings = app
        .get("/api/v1/logs/system?level=warn&start_time=2026-01-19T14:30:00Z&end_time=2026-01-19T14:36:00%2B00:00")
        .await
        .expect(200);
    assert_eq!(messages(&warnings), ["line 006", "line 002"]);
    for keyword in ["cannot SEND", "发送", "100%25_", "req-100"] {
        let path = format!("/api/v1/logs/system?keyword={keyword}");
        let found = app.get(&path).await.expect(200);
        assert_eq!(
            found.data()["list"],
            json!([{
                "id": 301,
                "level": "WARN",
                "module": "pipeline",
                "message": "Cannot send 发送失败",
                "request_id": "req-100%_sure",
                "client_ip": "192.0.2.7",
                "detail": {"push.id": 7},
                "created_at": "2026-01-19T14:29:00Z",
            }]),
            "{keyword}"
        );
    }
    app.stop().await;
}

async fn operations_say_who_did_what_from_where(on: Backend) {
    let mut app = TestApp::start(on).await;
    let repo = app.repo("backend").await;
    app.delete(&format!("/api/v1/repos/{}", repo.id))
        .await
        .expect(200);
    let request = app
        .request(
            reqwest::Method::GET,
            "/api/v1/logs/operations?action=repo.create",
        )
        .headers(HeaderMap::from_iter([(
            ACCEPT_LANGUAGE,
            HeaderValue::from_static("zh-CN"),
        )]));
    let created = app.send(request).await.expect(200);
    let list = created.data()["list"].as_array().expect("a list").clone();
    let [entry] = &list[..] else {
        panic!("{list:#?}");
    };
    assert_eq!(entry["username"], "admin");
    assert_eq!(entry["object_type"], "repo");
    assert_eq!(entry["object_id"], repo.id);
    assert_eq!(entry["object_name"], "backend");
    assert_eq!(entry["detail"], "创建仓库：backend");
    assert_eq!(entry["client_ip"], "127.0.0.1");
    assert!(entry["user_agent"].is_null() || entry["user_agent"].is_string());
    assert!(entry["created_at"].is_string());
    let user = &entry["user_id"];
    let actions = |answer: &Answer| -> Vec<Value> {
        let list = answer.data()["list"].as_array().expect("a list");
        list.iter().map(|entry| entry["action"].clone()).collect()
    };
    let mine = app
        .get(&format!("/api/v1/logs/operations?user_id={user}&size=2"))
        .await
        .expect(200);
    assert_eq!(actions(&mine), ["repo.delete", "repo.create"]);
    let others = app
        .get("/api/v1/logs/operations?user_id=999")
        .await
        .expect(200);
    assert_eq!(others.data()["pagination"]["total"], 0);
    let before = app
        .get("/api/v1/logs/operations?end_time=2020-01-01T00:00:00Z")
        .await
        .expect(200);
    assert!(actions(&before).is_empty());
    app.stop().await;
}

async fn calls_of_models_are_listed(on: Backend) {
    let app = TestApp::start(on).await;
    add_call(&app, 1, done(), THEN).await;
    let id = add_call(&app, 2, failed("quota"), THEN + MINUTE).await;
    add_call(&app, 2, done(), THEN + 2 * MINUTE).await;
    let failures = app
        .get("/api/v1/logs/ai-calls?model_id=2&status=failed")
        .await
        .expect(200);
    assert_eq!(
        failures.data()["list"],
        json!([{
            "id": id,
            "model_id": 2,
            "repo_id": 1,
            "event_id": null,
            "purpose": "review",
            "input_summary": "CODEVIEW: main.go",
            "output_summary": null,
            "status": "failed",
            "error": "quota",
            "duration_ms": 2500,
            "tokens_used": 1500,
            "request_id": "req-call",
            "created_at": "2026-01-19T14:31:00Z",
        }])
    );
    let late = app
        .get("/api/v1/logs/ai-calls?start_time=2026-01-19T14:31:00Z")
        .await
        .expect(200);
    assert_eq!(late.data()["pagination"]["total"], 2);

    let done = app
        .get("/api/v1/logs/ai-calls?model_id=2&status=success")
        .await
        .expect(200);
    assert_eq!(done.list().len(), 1);
    assert_eq!(done.list()[0]["output_summary"], "looks good");
    app.stop().await;
}

async fn a_search_merges_the_logs_newest_first(on: Backend) {
    let mut app = TestApp::start(on).await;
    add_lines(&app, &[line(Level::Info, "About NEEDLE", THEN)]).await;
    add_lines(&app, &[line(Level::Info, "about hay", THEN)]).await;
    add_call(&app, 1, failed("no needle here"), THEN + MINUTE).await;
    // Now: later than the others.
    app.repo("needle").await;
    let found = app
        .get("/api/v1/logs/search?keyword=needle")
        .await
        .expect(200);
    let types = |answer: &Answer| -> Vec<String> {
        let list = answer.data()["list"].as_array().expect("a list");
        list.iter()
            .filter_map(|entry| Some(entry["type"].as_str()?.to_owned()))
            .collect()
    };
    assert_eq!(types(&found), ["operation", "ai-call", "system"]);
    assert_eq!(found.data()["list"][2]["message"], "About NEEDLE");
    assert_eq!(found.data()["pagination"]["total"], 3);
    let second = app
        .get("/api/v1/logs/search?keyword=needle&size=2&page=2")
        .await
        .expect(200);
    assert_eq!(types(&second), ["system"]);
    for name in Kind::NAMES {
        let only = app
            .get(&format!("/api/v1/logs/search?keyword=needle&type={name}"))
            .await
            .expect(200);
        assert_eq!(types(&only), [name]);
    }
    app.stop().await;
}

async fn a_wrong_parameter_is_named(on: Backend) {
    let app = TestApp::start(on).await;
    for (query, named) in [
        ("system?level=loud", "level"),
        ("system?level=INFO", "level"),
        ("system?start_time=yesterday", "start_time"),
        ("system?size=101", "size"),
        ("system?sort=message", "sort"),
        ("operations?user_id=x", "user_id"),
        ("ai-calls?status=pending", "status"),
        ("search", "keyword"),
        ("search?keyword=x&type=other", "type"),
        (
            "export?type=system&end_time=2026-01-01T00:00:00Z",
            "start_time",
        ),
        (
            "export?type=system&start_time=x&end_time=y&format=xml",
            "format",
        ),
        (
            "system?start_time=2026-01-02T00:00:00Z&end_time=2026-01-01T00:00:00Z",
            "end_time",
        ),
        (
            "export?type=system&start_time=2026-01-02T00:00:00Z&end_time=2026-01-01T00:00:00Z",
            "end_time",
        ),
        ("stats?timezone=Mars/Olympus", "timezone"),
        ("stats?start_date=1969-12-31&end_date=1970-01-01", "1970"),
        ("stats?start_date=2026-13-01", "start_date"),
        (
            "stats?start_date=2026-02-01&end_date=2026-01-01",
            "end_date",
        ),
        ("stats?start_date=2020-01-01&end_date=2026-01-01", "366"),
    ] {
        let answer = app
            .get(&format!("/api/v1/logs/{query}"))
            .await
            .expect_code(400, 400);
        let details = answer.json["details"].to_string();
        assert!(details.contains(named), "{query}: {details}");
    }
    app.anonymous()
        .get("/api/v1/logs/system")
        .await
        .expect_code(401, 401);
    app.stop().await;
}

fn messages(answer: &Answer) -> Vec<String> {
    let list = answer.data()["list"].as_array().expect("a list");
    list.iter()
        .filter_map(|entry| Some(entry["message"].as_str()?.to_owned()))
        .collect()
}
