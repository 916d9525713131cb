use super::compare::unchanged;
use push_notify_tests::{Backend, TestApp};
use serde_json::{Value, json};
use std::fmt::Write as _;

/// Rendered with made-up data: what a new installation sends.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_messages_of_the_built_in_templates() {
    let app = TestApp::start(Backend::Sqlite).await;
    let list = app.get("/api/v1/templates?size=100").await.expect(200);
    let mut templates = list.data()["list"].as_array().expect("a list").clone();
    templates.sort_by_key(|template| template["name"].to_string());
    let mut text = String::new();
    for template in templates {
        let body = json!({"template_id": template["id"], "data": {}});
        let answer = app.post("/api/v1/templates/preview", &body).await;
        let message = answer.expect(200).data().clone();
        let words = |value: &Value| value.as_str().expect("a text").to_owned();
        let (title, content) = (words(&message["title"]), words(&message["body"]));
        let name = words(&template["name"]);
        write!(text, "=== {name}\n{title}\n---\n{content}\n\n").expect("a text");
    }
    unchanged("templates", &text);
    app.stop().await;
}
