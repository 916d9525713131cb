//! `/api/v1/repos`.

use push_notify_tests::{Backend, Delivery, TestApp, both};
use serde_json::json;

both!(
    a_repository_is_made_read_changed_and_deleted,
    a_masked_value_sent_back_keeps_the_stored_one,
    names_are_unique_among_those_that_exist,
);

async fn a_repository_is_made_read_changed_and_deleted(on: Backend) {
    let app = TestApp::start(on).await;
    let body = json!({
        "name": "后端服务", "url": "https://github.com/company/backend-service", "type": "github",
        "access_token": "ghp-not-real-0123456789", "webhook_secret": "webhook-secret-not-real-1",
    });
    let made = app
        .unrecorded()
        .post("/api/v1/repos", &body)
        .await
        .expect_code(200, 200);
    assert_eq!(made.data()["name"], "后端服务");
    assert_eq!(made.data()["webhook_secret"], "webhook-secret-not-real-1");
    let url = made.data()["webhook_url"]
        .as_str()
        .expect("a URL")
        .to_owned();
    let id_part = url
        .strip_prefix("https://notify.example.com/webhook/")
        .expect("at the public address");
    assert!(id_part.len() >= 32, "nobody guesses it: {id_part}");

    let path = format!("/api/v1/repos/{}", made.id());
    let shown = app.get(&path).await.expect(200);
    let data = shown.data();
    assert_eq!(data["type"], "github");
    assert_eq!(data["access_token"], "******");
    assert_eq!(data["webhook_secret"], "******");
    assert_eq!(data["webhook_url"], url);
    assert_eq!(
        data["webhook_events"],
        json!(["push", "merge_request", "tag_push"])
    );
    assert_eq!(data["status"], "active");
    assert_eq!(data["targets"], json!([]));
    assert_eq!(
        data["push_stats"],
        json!({"total": 0, "success": 0, "failed": 0})
    );
    let list = app.get("/api/v1/repos").await.expect(200);
    assert_eq!(list.list()[0]["webhook_url"], url);
    assert_eq!(list.list()[0]["target_count"], 0);

    let change = json!({"name": "renamed", "status": "inactive", "webhook_events": ["push"]});
    let changed = app.put(&path, &change).await.expect(200);
    assert_eq!(changed.data()["name"], "renamed");
    assert_eq!(changed.data()["status"], "inactive");
    assert_eq!(
        changed.data()["url"],
        "https://github.com/company/backend-service"
    );
    app.delete(&path).await.expect_code(200, 200);
    app.get(&path).await.expect_code(404, 20004);
    app.delete(&path).await.expect_code(404, 20004);
    app.put(&path, &change).await.expect_code(404, 20004);
    app.stop().await;
}

async fn a_masked_value_sent_back_keeps_the_stored_one(on: Backend) {
    let mut app = TestApp::start(on).await;
    let repo = app
        .repo_with(
            "backend",
            json!({"access_token": "ghp-not-real-0123456789"}),
        )
        .await;
    let path = format!("/api/v1/repos/{}", repo.id);
    let mut shown = app.get(&path).await.expect(200).data().clone();
    shown["name"] = json!("renamed");
    let changed = app.put(&path, &shown).await.expect(200);
    assert_eq!(changed.data()["access_token"], "******");
    // The empty inputs of a front end's form.
    let empty = json!({"access_token": "", "webhook_secret": "", "model_id": "", "status": ""});
    let changed = app.put(&path, &empty).await.expect(200);
    assert_eq!(changed.data()["access_token"], "******");
    assert_eq!(changed.data()["status"], "active");
    app.deliver(&repo, Delivery::push("aaa")).await.expect(200);

    app.put(&path, &json!({"webhook_secret": "another-secret-not-real"}))
        .await
        .expect(200);
    // The former one counts until it is ended.
    let former = format!("{path}/former-webhook-secrets");
    app.delete(&former).await.expect(200);
    app.deliver(&repo, Delivery::push("bbb")).await.expect(401);
    app.deliver(
        &repo,
        Delivery::push("ccc").signed_with("another-secret-not-real"),
    )
    .await
    .expect(200);
    app.put(&path, &json!({"access_token": null}))
        .await
        .expect(200);
    assert!(app.get(&path).await.data()["access_token"].is_null());
    app.stop().await;
}

async fn names_are_unique_among_those_that_exist(on: Backend) {
    let mut app = TestApp::start(on).await;
    let first = app.repo("backend").await;
    let second = app.repo("frontend").await;
    let body = json!({"name": "backend", "url": "https://github.com/a/b", "type": "github"});
    app.unrecorded()
        .post("/api/v1/repos", &body)
        .await
        .expect_code(409, 20001);
    app.put(
        &format!("/api/v1/repos/{}", second.id),
        &json!({"name": "backend"}),
    )
    .await
    .expect_code(409, 20001);
    app.delete(&format!("/api/v1/repos/{}", first.id))
        .await
        .expect(200);
    app.unrecorded()
        .post("/api/v1/repos", &body)
        .await
        .expect(200);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_wrong_with_a_repository_is_said_field_by_field() {
    let app = TestApp::start(Backend::Sqlite).await;
    let empty = app
        .post("/api/v1/repos", &json!({}))
        .await
        .expect_code(422, 422);
    for field in ["name", "url", "type"] {
        empty.names(field);
    }
    let wrong = json!({"name": "a", "url": "ftp://example.com/a", "type": "github"});
    app.post("/api/v1/repos", &wrong)
        .await
        .expect_code(422, 20002)
        .names("url");
    let wrong = json!({"name": "a", "url": "https://github.com/a/b", "type": "sourceforge"});
    let answer = app
        .post("/api/v1/repos", &wrong)
        .await
        .expect_code(422, 422);
    answer.names("type");
    assert!(
        answer.details().contains("github"),
        "it says which there are: {}",
        answer.text
    );
    let wrong = json!({"name": "a", "url": "https://github.com/a/b", "type": "github", "webhook_events": ["earthquake"]});
    app.post("/api/v1/repos", &wrong)
        .await
        .expect(422)
        .names("webhook_events");
    assert_eq!(
        app.get("/api/v1/repos").await.data()["pagination"]["total"],
        0
    );
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_secret_is_made_up_when_none_is_given() {
    let app = TestApp::start(Backend::Sqlite).await;
    let make = async |name: &str| {
        let body =
            json!({"name": name, "url": "git@github.com:company/backend.git", "type": "github"});
        let made = app
            .unrecorded()
            .post("/api/v1/repos", &body)
            .await
            .expect(200);
        made.data()["webhook_secret"]
            .as_str()
            .expect("a secret")
            .to_owned()
    };
    let (first, second) = (make("a").await, make("b").await);
    assert!(first.len() >= 32);
    assert_ne!(first, second);
    app.stop().await;
}
