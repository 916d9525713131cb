//! The OpenAPI document, its page, and what browsers may do.

use push_notify_tests::{Api, Backend, TestApp};
use serde_json::Value;
use std::collections::HashSet;

async fn document(app: &Api) -> Value {
    app.get("/api/v1/doc").await.expect(200).json
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_document_describes_every_endpoint_once() {
    let app = TestApp::start(Backend::Sqlite).await;
    let document = document(&app.anonymous()).await;
    assert_eq!(document["openapi"], "3.1.0");
    let endpoints = push_notify::web::endpoints(app.server.app());
    let mut ids = HashSet::new();
    for endpoint in &endpoints {
        let method = endpoint.method.as_str().to_lowercase();
        let path = endpoint.path.replace("{*", "{");
        let operation = &document["paths"][path][method];
        let id = operation["operationId"].as_str();
        assert!(
            id.is_some_and(|id| ids.insert(id.to_owned())),
            "{} {}",
            endpoint.method,
            endpoint.path
        );
        assert!(
            operation["summary"]
                .as_str()
                .is_some_and(|summary| !summary.is_empty())
        );
        let answer = &operation["responses"]["200"]["content"];
        assert!(answer.is_object(), "{} {}", endpoint.method, endpoint.path);
        if let Some(body) = operation["requestBody"]["content"]["application/json"].as_object()
            && !endpoint.path.contains("webhook")
        {
            assert!(
                body["example"].is_object(),
                "{} {}",
                endpoint.method,
                endpoint.path
            );
        }
    }
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_reference_in_the_document_leads_somewhere() {
    let app = TestApp::start(Backend::Sqlite).await;
    let document = document(&app.anonymous()).await;
    let mut open = vec![&document];
    let mut references = 0;
    while let Some(value) = open.pop() {
        match value {
            Value::Object(fields) => {
                if let Some(path) = fields.get("$ref").and_then(Value::as_str) {
                    references += 1;
                    let pointer = path.trim_start_matches('#');
                    assert!(document.pointer(pointer).is_some(), "{path}");
                }
                open.extend(fields.values());
            }
            Value::Array(entries) => open.extend(entries),
            _ => {}
        }
    }
    assert!(references > 50, "{references}");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_page_loads_nothing_from_elsewhere() {
    let app = TestApp::start(Backend::Sqlite).await;
    let page = app.anonymous().get("/api/v1/docs").await.expect(200);
    assert!(
        page.header("content-type")
            .unwrap()
            .starts_with("text/html")
    );
    let policy = page.header("content-security-policy").unwrap();
    assert!(
        policy.contains("default-src 'none'") && policy.contains("script-src 'sha256-"),
        "{policy}"
    );
    assert!(!page.text.contains("http://") && !page.text.contains("https://"));
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn browsers_of_listed_origins_may_call_and_others_may_not() {
    let origins = |origins: &[&str]| origins.iter().map(|origin| (*origin).to_owned()).collect();
    let asked = async |app: &TestApp, origin: &str| {
        let api = app.anonymous();
        let request = api
            .request(reqwest::Method::OPTIONS, "/api/v1/repos")
            .header("origin", origin)
            .header("access-control-request-method", "POST")
            .header(
                "access-control-request-headers",
                "authorization,content-type,x-api-key",
            );
        let answer = api.send(request).await;
        answer
            .header("access-control-allow-origin")
            .map(str::to_owned)
    };
    let app = TestApp::start(Backend::Sqlite).await;
    assert_eq!(asked(&app, "https://console.example.com").await, None);
    app.stop().await;
    let app = TestApp::on(Backend::Sqlite)
        .config(move |config| config.cors.origins = origins(&["https://console.example.com"]))
        .start()
        .await;
    let allowed = asked(&app, "https://console.example.com").await;
    assert_eq!(allowed.as_deref(), Some("https://console.example.com"));
    assert_eq!(asked(&app, "https://evil.example.com").await, None);
    app.stop().await;
}
