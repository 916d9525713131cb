use push_notify_tests::{Backend, Delivery, Repo, TestApp, workspace};
use serde_json::{Value, json};

/// A server with a repository whose merge requests are told.
pub async fn world(on: Backend) -> (TestApp, Repo) {
    let mut app = TestApp::start(on).await;
    let kinds = json!({"webhook_events": ["push", "merge_request", "comment"]});
    let repo = app.repo_with("backend", kinds).await;
    (app, repo)
}

/// As the chat wants it, with how its messages follow each other.
pub fn conversing(mut target: Value, conversation: &str) -> Value {
    target["conversation"] = json!(conversation);
    target
}

/// A fixture of the parser about the merge request `number`, whose title is `title`.
pub fn of_request(fixture: &str, number: u64, title: &str) -> Delivery {
    let path = format!("plugins/provider-github/fixtures/{fixture}.json");
    let text = std::fs::read(workspace().join(path)).expect("a fixture");
    let mut body: Value = serde_json::from_slice(&text).expect("JSON");
    body["pull_request"]["title"] = json!(title);
    body["pull_request"]["number"] = json!(number);
    if body.get("number").is_some() {
        body["number"] = json!(number);
    }
    Delivery::new(fixture.split('.').next().unwrap_or_default(), &body)
}

/// Sends it, and returns its one push.
pub async fn tell(app: &TestApp, repo: &Repo, fixture: &str, title: &str) -> i64 {
    let answer = app.deliver(repo, of_request(fixture, 42, title)).await;
    let answer = answer.expect(200);
    let ids = answer.data()["push_ids"].as_array().expect("push_ids");
    assert_eq!(ids.len(), 1, "{}", answer.text);
    ids[0].as_i64().expect("an id")
}

/// As [`tell`], when it is delivered: the push.
pub async fn told(app: &TestApp, repo: &Repo, fixture: &str, title: &str) -> Value {
    let id = tell(app, repo, fixture, title).await;
    app.push_in_state(id, "delivered").await
}

/// What the record of the last attempt says.
pub fn detail(push: &Value) -> String {
    let attempts = push["attempts"].as_array().expect("attempts");
    let last = attempts.last().expect("an attempt");
    last["detail"].as_str().unwrap_or_default().to_owned()
}
