//! `POST /webhook/{id}`: what a Git host is answered.

use push_notify_tests::{Backend, Delivery, DingTalk, Robot, TestApp, both, push_body};
use serde_json::json;
use std::net::SocketAddr;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

both!(
    a_forged_or_missing_signature_is_refused_and_nothing_is_stored,
    what_is_of_no_interest_is_acknowledged_and_not_stored,
    a_form_encoded_delivery_is_as_good_as_json,
);

async fn a_forged_or_missing_signature_is_refused_and_nothing_is_stored(on: Backend) {
    let robot = DingTalk::start().await;
    let mut app = TestApp::start(on).await;
    let repo = app.repo("backend").await;
    app.target(Robot::at(&robot).target("team")).await;
    let body = push_body("aaa");
    let valid = Delivery::new("push", &body);
    let cases = [
        valid.clone().signed_with("another-secret-not-real"),
        valid.clone().signed_with(""),
        valid.clone().unsigned(),
        valid
            .clone()
            .unsigned()
            .header("x-hub-signature-256", "sha256="),
        valid.clone().unsigned().header("x-hub-signature-256", ""),
        valid
            .clone()
            .unsigned()
            .header("x-hub-signature-256", "sha256=zz"),
        valid.clone().unsigned().header(
            "x-hub-signature",
            "sha1=0000000000000000000000000000000000000000",
        ),
        // Signed over another body.
        valid.clone().unsigned().header(
            "x-hub-signature-256",
            &format!(
                "sha256={}",
                push_notify_tests::signature(&repo.secret, b"{}")
            ),
        ),
    ];
    for (index, delivery) in cases.into_iter().enumerate() {
        let answer = app.deliver(&repo, delivery).await;
        assert_eq!(answer.status, 401, "case {index}: {}", answer.text);
        assert_eq!(answer.json["code"], 401);
        assert!(answer.json.get("data").is_none());
    }
    let events = app.get("/api/v1/events").await.expect(200);
    assert_eq!(events.data()["pagination"]["total"], 0);
    assert_eq!(robot.count(), 0);
    // The refused deliveries do not block the true one.
    app.deliver(&repo, valid).await.expect(200);
    robot.wait_for(1).await;
    app.assert_nothing_leaked();
    app.stop().await;
}

async fn what_is_of_no_interest_is_acknowledged_and_not_stored(on: Backend) {
    let mut app = TestApp::start(on).await;
    let repo = app.repo("backend").await;
    let only_push = app
        .repo_with("only-push", json!({"webhook_events": ["push"]}))
        .await;
    let disabled = app.repo("disabled").await;
    app.put(
        &format!("/api/v1/repos/{}", disabled.id),
        &json!({"status": "inactive"}),
    )
    .await
    .expect(200);
    let ping = json!({"zen": "Keep it logically awesome.", "hook_id": 1, "hook": {}});
    let mut tag = push_body("aaa");
    tag["ref"] = json!("refs/tags/v1");
    let cases = [
        (&repo, Delivery::new("ping", &ping)),
        (&repo, Delivery::new("watch", &json!({"action": "started"}))),
        (&repo, Delivery::new("something_new", &json!({}))),
        (&only_push, Delivery::new("push", &tag)),
        (&disabled, Delivery::push("aaa")),
    ];
    for (repo, delivery) in cases {
        let answer = app.deliver(repo, delivery).await.expect(200);
        assert_eq!(answer.data()["status"], "ignored", "{}", answer.text);
        assert!(
            answer.data()["reason"]
                .as_str()
                .is_some_and(|reason| !reason.is_empty())
        );
        assert_eq!(answer.data()["repo_id"], repo.id);
    }
    // Of no interest, but still not authentic.
    app.deliver(&repo, Delivery::new("ping", &ping).unsigned())
        .await
        .expect(401);
    let events = app.get("/api/v1/events").await.expect(200);
    assert_eq!(events.data()["pagination"]["total"], 0);
    app.stop().await;
}

async fn a_form_encoded_delivery_is_as_good_as_json(on: Backend) {
    let mut app = TestApp::start(on).await;
    let repo = app.repo("backend").await;
    let answer = app
        .deliver(&repo, Delivery::push("aaa").form())
        .await
        .expect(200);
    let event = app
        .get(&format!("/api/v1/events/{}", answer.data()["event_id"]))
        .await
        .expect(200);
    assert_eq!(
        event.data()["commits"][0]["message"],
        "feat: 新增登录功能 aaa"
    );
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_unknown_webhook_is_not_found_whatever_is_sent() {
    let mut app = TestApp::start(Backend::Sqlite).await;
    let mut repo = app.repo("backend").await;
    repo.path = "/webhook/00000000000000000000000000000000".to_owned();
    app.deliver(&repo, Delivery::push("aaa"))
        .await
        .expect_code(404, 404);
    repo.path = "/webhook/".to_owned();
    app.deliver(&repo, Delivery::push("aaa"))
        .await
        .expect_code(404, 404);
    repo.path = "/webhook/%00%27%22".to_owned();
    app.deliver(&repo, Delivery::push("aaa"))
        .await
        .expect_code(404, 404);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_body_over_the_limit_is_too_large_and_one_at_the_limit_is_not() {
    const LIMIT: usize = 20_000;
    let mut app = TestApp::on(Backend::Sqlite)
        .config(|config| config.server.max_webhook_bytes = LIMIT)
        .start()
        .await;
    let repo = app.repo("backend").await;
    let of_size = |size: usize| {
        let mut body = push_body("aaa");
        let others = body.to_string().len();
        let message = body["commits"][0]["message"]
            .as_str()
            .expect("a message")
            .to_owned();
        body["commits"][0]["message"] = json!(format!("{message}{}", "x".repeat(size - others)));
        assert_eq!(body.to_string().len(), size);
        Delivery::new("push", &body)
    };
    app.deliver(&repo, of_size(LIMIT)).await.expect(200);
    app.deliver(&repo, of_size(LIMIT + 1))
        .await
        .expect_code(413, 413);
    assert_eq!(
        status_of_chunks(app.server.address(), &repo.path, LIMIT / 1000 + 1).await,
        "HTTP/1.1 413"
    );
    app.stop().await;
}

/// Sends chunks of 1000 bytes, no length and no end, and returns how the answer begins.
async fn status_of_chunks(server: SocketAddr, path: &str, chunks: usize) -> String {
    let mut tcp = TcpStream::connect(server).await.expect("it listens");
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: notify.example.com\r\nTransfer-Encoding: chunked\r\n\r\n"
    );
    let chunk = format!("3e8\r\n{}\r\n", "x".repeat(1000));
    tcp.write_all((head + &chunk.repeat(chunks)).as_bytes())
        .await
        .expect("it is sent");
    let mut answer = [0; 12];
    tcp.read_exact(&mut answer).await.expect("an answer");
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_body_of_many_megabytes_is_taken_by_default() {
    let mut app = TestApp::start(Backend::Sqlite).await;
    let repo = app.repo("backend").await;
    let mut body = push_body("aaa");
    body["padding"] = json!("x".repeat(20_000_000));
    let commit = body["commits"][0].clone();
    body["commits"] = json!(vec![commit; 2048]);
    let delivery = Delivery::new("push", &body);
    let answer = app.deliver(&repo, delivery).await.expect(200);
    assert_eq!(answer.data()["commits_count"], 2048);
    let event = app
        .get(&format!("/api/v1/events/{}", answer.data()["event_id"]))
        .await
        .expect(200);
    assert_eq!(event.data()["total_commits"], 2048);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn broken_json_is_malformed_and_never_an_internal_error() {
    let mut app = TestApp::start(Backend::Sqlite).await;
    let repo = app.repo("backend").await;
    let deep = "[".repeat(100_000);
    let bodies = [
        "",
        "{",
        "[]",
        "null",
        "\"text\"",
        "{\"ref\": 1}",
        "{\"ref\": \"refs/heads/main\"}",
        "\u{0}",
        deep.as_str(),
    ];
    for body in bodies {
        let answer = app.deliver(&repo, Delivery::raw("push", body)).await;
        let shown: String = body.chars().take(40).collect();
        assert_eq!(
            (answer.status, answer.json["code"].as_u64()),
            (400, Some(400)),
            "{shown:?}: {}",
            answer.text
        );
    }
    let answer = app
        .deliver(&repo, Delivery::raw("push", vec![0xff, 0xfe, 0x00]))
        .await;
    assert_eq!(answer.status, 400);
    let answer = app.deliver(&repo, Delivery::raw("push", "{").form()).await;
    assert_eq!(answer.status, 400);
    // The parser is in order after all that.
    app.deliver(&repo, Delivery::push("aaa")).await.expect(200);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_post_is_taken() {
    let mut app = TestApp::start(Backend::Sqlite).await;
    let repo = app.repo("backend").await;
    let body = json!({});
    app.anonymous()
        .put(&repo.path, &body)
        .await
        .expect_code(405, 405);
    app.anonymous()
        .delete(&repo.path)
        .await
        .expect_code(405, 405);
    app.stop().await;
}
