//! Secrets at rest.

use push_notify_tests::{
    Backend, Delivery, DingTalk, Email, Robot, Security, Smtp, TestApp, signature,
};
use serde_json::json;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_secret_can_be_read_in_the_database_file() {
    let robot = DingTalk::start().await;
    let smtp = Smtp::start(Security::Starttls).await;
    let mut app = TestApp::start(Backend::Sqlite).await;
    let token = "ghp-not-real-0123456789";
    app.secrets.push(token.to_owned());
    let repo = app
        .repo_with("visible-name", json!({"access_token": token}))
        .await;
    app.target(Robot::at(&robot).target("team")).await;
    app.target(Email::through(&smtp).target("list")).await;
    // A host that sends its secret in a header.
    let in_header = "header-secret-not-real";
    app.secrets.push(in_header.to_owned());
    let delivery = Delivery::push("aaa").header("x-gitlab-token", in_header);
    let signature = signature(&repo.secret, delivery.body());
    app.secrets.push(signature);
    let answer = app.deliver(&repo, delivery).await.expect(200);
    for id in answer.data()["push_ids"].as_array().expect("ids") {
        app.push_in_state(id.as_i64().expect("an id"), "delivered")
            .await;
    }
    let files = app.database_files();
    let holds = |bytes: &[u8], text: &str| {
        bytes
            .windows(text.len())
            .any(|window| window == text.as_bytes())
    };
    assert!(
        files.iter().any(|(_, bytes)| holds(bytes, "visible-name")),
        "these are the files"
    );
    for (path, bytes) in &files {
        for secret in app.secrets.iter().chain([&app.admin_password]) {
            assert!(!holds(bytes, secret), "{secret} is in {}", path.display());
        }
    }
    app.assert_nothing_leaked();
    app.stop().await;
}
