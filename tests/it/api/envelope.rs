//! The form of every answer.

use push_notify_tests::{Backend, TestApp, both};
use serde_json::json;

both!(lists_come_in_pages);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_answer_has_code_message_and_request_id() {
    let app = TestApp::start(Backend::Sqlite).await;
    let answer = app.get("/api/v1/repos").await.expect(200);
    assert_eq!(answer.json["code"], 200);
    assert_eq!(answer.json["message"], "success");
    let id = answer.json["request_id"].as_str().expect("an id");
    assert_eq!(answer.header("x-request-id"), Some(id));
    assert_eq!(id.len(), 36, "a UUID: {id}");
    for (path, status) in [
        ("/api/v1/nothing", 404),
        ("/", 404),
        ("/api/v1/repos/999", 404),
    ] {
        let answer = app.get(path).await.expect(status);
        assert!(
            answer.json["message"]
                .as_str()
                .is_some_and(|message| !message.is_empty())
        );
        assert!(answer.json["request_id"].as_str().is_some());
        assert!(answer.json.get("data").is_none());
    }
    app.put("/api/v1/repos", &json!({}))
        .await
        .expect_code(405, 405);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_callers_request_id_comes_back_when_it_is_sound() {
    let app = TestApp::start(Backend::Sqlite).await;
    let with = async |id: &str| {
        let request = app
            .request(reqwest::Method::GET, "/api/v1/repos")
            .header("x-request-id", id);
        app.send(request).await.expect(200)
    };
    let answer = with("trace-0123456789").await;
    assert_eq!(answer.json["request_id"], "trace-0123456789");
    assert_eq!(answer.header("x-request-id"), Some("trace-0123456789"));
    let too_long = "x".repeat(500);
    for unsound in ["two words", too_long.as_str()] {
        let answer = with(unsound).await;
        assert_ne!(answer.json["request_id"], unsound);
        assert_eq!(answer.json["request_id"].as_str().map(str::len), Some(36));
    }
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn messages_are_chinese_unless_english_is_asked_for() {
    let app = TestApp::start(Backend::Sqlite).await;
    let with = async |language: &str| {
        let request = app.request(reqwest::Method::GET, "/api/v1/repos/999");
        let request = request.header("accept-language", language);
        app.send(request).await.expect_code(404, 20004).json["message"].to_string()
    };
    // The client asks for English first; the last header that a proxy adds does not count.
    assert!(with("en-US").await.contains("repository"));
    let client = reqwest::Client::builder()
        .no_proxy()
        .build()
        .expect("a client");
    let url = format!("http://{}/api/v1/repos/999", app.server.address());
    let chinese = async |language: Option<&str>| {
        let mut request = client.get(&url).bearer_auth(&app.secrets[0]);
        if let Some(language) = language {
            request = request.header("accept-language", language);
        }
        let text = request
            .send()
            .await
            .expect("an answer")
            .text()
            .await
            .expect("text");
        text.contains("仓库不存在")
    };
    assert!(chinese(None).await);
    assert!(chinese(Some("zh-CN,zh;q=0.9")).await);
    assert!(chinese(Some("fr-FR")).await);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_body_that_is_no_json_object_is_refused() {
    let app = TestApp::start(Backend::Sqlite).await;
    let send = async |kind: &str, body: &str| {
        let request = app.request(reqwest::Method::POST, "/api/v1/repos");
        let request = request.header("content-type", kind).body(body.to_owned());
        app.send(request).await
    };
    send("text/plain", "{}").await.expect_code(415, 415);
    send("application/json", "{").await.expect_code(400, 400);
    send("application/json", "[]").await.expect_code(400, 400);
    send("application/json", "").await.expect_code(400, 400);
    send("application/json", "{\"name\": 7}")
        .await
        .expect_code(400, 400)
        .names("name");
    let large = format!("{{\"name\": \"{}\"}}", "x".repeat(2 << 20));
    send("application/json", &large).await.expect_code(413, 413);
    app.stop().await;
}

async fn lists_come_in_pages(on: Backend) {
    let mut app = TestApp::start(on).await;
    for index in 0..12 {
        app.repo(&format!("repo{index:02}")).await;
    }
    let first = app.get("/api/v1/repos").await.expect(200);
    assert_eq!(
        first.data()["pagination"],
        json!({"page": 1, "size": 10, "total": 12, "total_pages": 2})
    );
    assert_eq!(first.list().len(), 10);
    assert_eq!(first.list()[0]["name"], "repo11", "the newest first");
    let second = app.get("/api/v1/repos?page=2").await.expect(200);
    assert_eq!(second.list().len(), 2);
    let beyond = app.get("/api/v1/repos?page=99").await.expect(200);
    assert!(beyond.list().is_empty());
    let sorted = app
        .get("/api/v1/repos?sort=name&order=asc&size=3")
        .await
        .expect(200);
    let names: Vec<_> = sorted
        .list()
        .iter()
        .map(|repo| repo["name"].clone())
        .collect();
    assert_eq!(names, ["repo00", "repo01", "repo02"]);
    let found = app.get("/api/v1/repos?keyword=REPO05").await.expect(200);
    assert_eq!(found.list().len(), 1);
    let none = app.get("/api/v1/repos?keyword=%25").await.expect(200);
    assert!(
        none.list().is_empty(),
        "a per cent sign is a letter like any other"
    );
    for (query, field) in [
        ("page=0", "page"),
        ("page=x", "page"),
        ("size=101", "size"),
        ("sort=password", "sort"),
        ("order=up", "order"),
    ] {
        app.get(&format!("/api/v1/repos?{query}"))
            .await
            .expect_code(400, 400)
            .names(field);
    }
    app.stop().await;
}
