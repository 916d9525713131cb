//! A far side that is down, slow, overloaded or answers rubbish: what is tried again, when, and how
//! it ends.

use push_notify_core::clock::Micros;
use push_notify_tests::{Backend, DingTalk, Response, Robot, TestApp, both, until};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::{io::AsyncWriteExt as _, net::TcpListener};

both!(
    a_channel_that_is_down_ends_as_a_dead_letter_with_its_attempts,
    a_dead_letter_can_be_sent_again_by_hand
);

async fn a_channel_that_is_down_ends_as_a_dead_letter_with_its_attempts(on: Backend) {
    let mut app = TestApp::on(on)
        .config(|config| config.delivery.max_attempts = 3)
        .start()
        .await;
    let repo = app.repo("backend").await;
    let robot = DingTalk::start().await;
    let nobody = format!("http://{}", free_address().await);
    app.target(Robot::at(&robot).with("api_url", nobody).target("team"))
        .await;

    let ids = app.push(&repo, "aaa").await;
    let push = app.push_in_state(ids[0], "failed").await;
    assert_eq!(push["status"], "failed");
    assert_eq!(push["retry_count"], 2);
    assert!(
        push["error_msg"]
            .as_str()
            .is_some_and(|reason| reason.contains("3 attempts")),
        "{push:#}"
    );
    let attempts = push["attempts"].as_array().expect("attempts");
    assert_eq!(attempts.len(), 3);
    for (index, attempt) in attempts.iter().enumerate() {
        assert_eq!(attempt["attempt"], index + 1);
        assert_eq!(attempt["outcome"], "retry");
        assert!(
            attempt["detail"]
                .as_str()
                .is_some_and(|detail| !detail.is_empty())
        );
        assert!(attempt["started_at"].as_str().is_some());
    }
    let failed = app.get("/api/v1/pushes?status=failed").await.expect(200);
    assert_eq!(failed.data()["pagination"]["total"], 1);
    app.assert_nothing_leaked();
    app.stop().await;
}

async fn a_dead_letter_can_be_sent_again_by_hand(on: Backend) {
    let mut app = TestApp::on(on)
        .config(|config| config.delivery.max_attempts = 1)
        .start()
        .await;
    let repo = app.repo("backend").await;
    let robot = DingTalk::start().await;
    robot.then(Response::new(503, "closed for lunch"));
    app.target(Robot::at(&robot).target("team")).await;

    let ids = app.push(&repo, "aaa").await;
    app.push_in_state(ids[0], "failed").await;
    let answer = app
        .post(&format!("/api/v1/pushes/{}/retry", ids[0]), &json!({}))
        .await
        .expect(200);
    assert_eq!(answer.data()["original_push_id"], ids[0]);
    let new = answer.data()["new_push_id"].as_i64().expect("a new push");
    let push = app.push_in_state(new, "delivered").await;
    assert_eq!(push["retry_of"], ids[0]);
    assert_eq!(
        app.push_detail(ids[0]).await["state"],
        "failed",
        "the first one stays as it was"
    );
    app.post(&format!("/api/v1/pushes/{new}/retry"), &json!({}))
        .await
        .expect(409);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_channel_that_never_answers_runs_into_the_deadline_and_is_tried_again() {
    let mut app = TestApp::on(Backend::Sqlite)
        .config(|config| config.plugins.timeout_ms = 700)
        .start()
        .await;
    let repo = app.repo("backend").await;
    let robot = DingTalk::start().await;
    robot.then(Response::never());
    app.target(Robot::at(&robot).target("team")).await;
    let ids = app.push(&repo, "aaa").await;
    let push = app.push_in_state(ids[0], "delivered").await;
    assert_eq!(outcomes(&push), ["retry", "delivered"]);
    let took = push["attempts"][0]["duration_ms"]
        .as_f64()
        .expect("a duration");
    assert!((600.0..5000.0).contains(&took), "{took} ms");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rubbish_is_no_success_and_is_tried_again() {
    let mut app = TestApp::start(Backend::Sqlite).await;
    let repo = app.repo("backend").await;
    let robot = DingTalk::start().await;
    robot
        .then(Response::new(200, "<html>captive portal</html>").header("content-type", "text/html"))
        .then(Response::new(200, ""))
        .then(Response::json(200, &json!({"unrelated": true})))
        .then(Response::broken());
    app.target(Robot::at(&robot).target("team")).await;
    let ids = app.push(&repo, "aaa").await;
    let push = app.push_in_state(ids[0], "delivered").await;
    assert_eq!(
        outcomes(&push),
        ["retry", "retry", "retry", "retry", "delivered"]
    );
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_does_not_speak_http_is_tried_again() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("its address");
    let talking = tokio::spawn(async move {
        while let Ok((mut tcp, _)) = listener.accept().await {
            tcp.write_all(b"SSH-2.0-not-what-you-came-for\r\n")
                .await
                .ok();
        }
    });
    let mut app = TestApp::on(Backend::Sqlite)
        .config(|config| config.delivery.max_attempts = 2)
        .start()
        .await;
    let repo = app.repo("backend").await;
    let robot = DingTalk::start().await;
    app.target(
        Robot::at(&robot)
            .with("api_url", format!("http://{address}"))
            .target("team"),
    )
    .await;
    let ids = app.push(&repo, "aaa").await;
    let push = app.push_in_state(ids[0], "failed").await;
    assert_eq!(outcomes(&push), ["retry", "retry"]);
    talking.abort();
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_far_sides_own_wait_is_kept_by_the_clock() {
    let robot = DingTalk::start().await;
    let mut app = TestApp::start(Backend::Sqlite).await;
    let repo = app.repo("backend").await;
    app.target(Robot::at(&robot).target("team")).await;
    let too_fast = "send too fast, exceed 20 times per minute";
    let cases = [
        (
            Response::new(429, "slow down").header("retry-after", "30"),
            30,
        ),
        (
            Response::new(503, "maintenance").header("retry-after", "120"),
            120,
        ),
        (DingTalk::throttled(7), 7),
        (DingTalk::errcode(130101, too_fast), 600),
        (DingTalk::errcode(410100, "发送速度太快而限流"), 600),
    ];
    for (index, (response, seconds)) in cases.into_iter().enumerate() {
        let before = robot.count();
        robot.then(response);
        let ids = app.push(&repo, &format!("commit{index}")).await;
        let push = app.push_after(ids[0], 1).await;
        assert_eq!(push["state"], "pending", "{push:#}");
        let waits = micros(&push["next_attempt_at"]) - micros(&push["attempts"][0]["started_at"]);
        let expected = seconds * 1_000_000;
        assert!(
            (expected..expected + 5_000_000).contains(&waits),
            "waits {waits} us, not {seconds} s"
        );
        assert_eq!(robot.count(), before + 1);
        app.advance(Duration::from_secs(seconds as u64 + 1));
        app.push_in_state(ids[0], "delivered").await;
        assert_eq!(robot.count(), before + 2);
    }
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pause_that_one_push_was_told_holds_the_others_to_that_target_back() {
    let robot = DingTalk::start().await;
    robot.then(Response::new(429, "slow down").header("retry-after", "600"));
    let other = DingTalk::start().await;
    let mut app = TestApp::start(Backend::Sqlite).await;
    let repo = app.repo("backend").await;
    let paused = app.target(Robot::at(&robot).target("paused")).await;
    app.target(Robot::at(&other).target("other")).await;
    let first = app.push(&repo, "aaa").await;
    until("the pause", async || {
        let pushes = app.get(&format!("/api/v1/pushes?target_id={paused}")).await;
        let id = pushes.list()[0]["id"].as_i64()?;
        let push = app.push_detail(id).await;
        (push["attempts"].as_array()?.len() == 1).then_some(())
    })
    .await;
    for index in 0..3 {
        app.push(&repo, &format!("commit{index}")).await;
    }
    other.wait_for(4).await;
    assert_eq!(robot.count(), 1, "nothing was sent into the pause");
    assert_eq!(first.len(), 2);
    app.advance(Duration::from_secs(601));
    robot.wait_for(5).await;
    app.stop().await;
}

fn outcomes(push: &Value) -> Vec<&str> {
    let attempts = push["attempts"].as_array().expect("attempts");
    attempts
        .iter()
        .filter_map(|attempt| attempt["outcome"].as_str())
        .collect()
}

fn micros(time: &Value) -> Micros {
    let text = time.as_str().unwrap_or_else(|| panic!("{time} is no time"));
    text.parse::<jiff::Timestamp>()
        .expect("RFC 3339")
        .as_microsecond()
}

/// Where nobody listens.
async fn free_address() -> std::net::SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    listener.local_addr().expect("its address")
}
