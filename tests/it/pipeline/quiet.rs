//! Quiet hours of a target: what comes due in them waits for their end, but for what is severe or
//! asked for.

use super::review::team::{HEAD, Team, issue, login, merge_request, reply};
use jiff::{Timestamp, Unit};
use push_notify_tests::{Backend, DingTalk, OpenAi, Response, Robot, TestApp, both, until};
use serde_json::{Value, json};
use std::time::Duration;

both!(
    a_push_waits_for_the_end_of_quiet_hours_and_waiting_is_no_attempt,
    a_retry_that_comes_due_in_quiet_hours_waits_too,
    what_somebody_asks_for_is_sent_at_once,
    quiet_hours_that_change_let_go_what_waits_for_them,
    a_severe_review_is_told_of_at_once,
);

const HOUR: Duration = Duration::from_secs(3600);

/// From an hour ago to some hours from now. And when they end, as the API says it.
fn quiet_for(app: &TestApp, hours: i64) -> (Value, String) {
    let now = app.server.app().clock.now_us();
    let now = Timestamp::from_microsecond(now).expect("a time");
    let at = |hours: i64| now + jiff::SignedDuration::from_hours(hours);
    let time = |at: Timestamp| at.strftime("%H:%M").to_string();
    let quiet = json!({"start": time(at(-1)), "end": time(at(hours)), "timezone": "UTC"});
    let end = at(hours) - jiff::SignedDuration::from_secs(30);
    let end = end.round(Unit::Minute).expect("a time");
    (quiet, end.to_string())
}

/// The push, when it waits for the end of quiet hours.
async fn waiting(app: &TestApp, push_id: i64) -> Value {
    until(&format!("push {push_id} to wait"), async || {
        let push = app.push_detail(push_id).await;
        assert_ne!(push["state"], "delivered", "{push:#}");
        (push["waits_for"] == "quiet_hours").then_some(push)
    })
    .await
}

fn attempts(push: &Value) -> usize {
    push["attempts"].as_array().map_or(0, Vec::len)
}

async fn a_push_waits_for_the_end_of_quiet_hours_and_waiting_is_no_attempt(on: Backend) {
    let (loud, silent) = (DingTalk::start().await, DingTalk::start().await);
    let mut app = TestApp::start(on).await;
    let repo = app.repo("backend").await;
    let (quiet, end) = quiet_for(&app, 2);
    let mut body = Robot::at(&silent).target("silent");
    body["quiet_hours"] = quiet;
    app.target(Robot::at(&loud).target("loud")).await;
    app.target(body).await;

    let ids = app.push(&repo, "aaa").await;
    app.push_in_state(ids[0], "delivered").await;
    let push = waiting(&app, ids[1]).await;
    assert_eq!(push["state"], "pending");
    assert_eq!(push["next_attempt_at"], end);
    assert_eq!(
        (attempts(&push), push["retry_count"].as_i64()),
        (0, Some(0))
    );
    // Not before.
    app.advance(HOUR);
    let later = app.push(&repo, "bbb").await;
    app.push_in_state(later[0], "delivered").await;
    waiting(&app, later[1]).await;
    assert_eq!(silent.count(), 0);

    app.advance(HOUR);
    for id in [ids[1], later[1]] {
        let push = app.push_in_state(id, "delivered").await;
        assert_eq!(push["attempts"][0]["attempt"], 1, "{push:#}");
        assert_eq!(attempts(&push), 1);
        assert_eq!(push["waits_for"], Value::Null);
    }
    assert_eq!(silent.count(), 2);
    app.stop().await;
}

async fn a_retry_that_comes_due_in_quiet_hours_waits_too(on: Backend) {
    let robot = DingTalk::start().await;
    robot.then(Response::new(503, "closed for lunch"));
    let mut app = TestApp::on(on)
        .config(|config| {
            config.delivery.backoff_base_ms = 60_000;
            config.delivery.backoff_cap_ms = 60_000;
            config.delivery.max_attempts = 2;
        })
        .start()
        .await;
    let repo = app.repo("backend").await;
    let target = app.target(Robot::at(&robot).target("team")).await;
    let ids = app.push(&repo, "aaa").await;
    let push = app.push_after(ids[0], 1).await;
    assert_eq!(push["waits_for"], Value::Null, "only for its time");
    let (quiet, _) = quiet_for(&app, 2);
    let path = format!("/api/v1/targets/{target}");
    app.put(&path, &json!({"quiet_hours": quiet}))
        .await
        .expect(200);
    app.advance(Duration::from_secs(61));
    let push = waiting(&app, ids[0]).await;
    assert_eq!(attempts(&push), 1);
    app.advance(2 * HOUR);
    let push = app.push_in_state(ids[0], "delivered").await;
    assert_eq!(attempts(&push), 2, "the last attempt was left: {push:#}");
    app.stop().await;
}

async fn what_somebody_asks_for_is_sent_at_once(on: Backend) {
    let robot = DingTalk::start().await;
    robot.then(Response::new(503, "closed for lunch"));
    let mut app = TestApp::on(on)
        .config(|config| config.delivery.max_attempts = 1)
        .start()
        .await;
    let repo = app.repo("backend").await;
    let target = app.target(Robot::at(&robot).target("team")).await;
    let ids = app.push(&repo, "aaa").await;
    app.push_in_state(ids[0], "failed").await;
    let (quiet, _) = quiet_for(&app, 2);
    let path = format!("/api/v1/targets/{target}");
    app.put(&path, &json!({"quiet_hours": quiet}))
        .await
        .expect(200);

    let tried = app.post(&format!("{path}/test"), &json!({})).await;
    assert_eq!(tried.expect(200).data()["status"], "success");
    let retried = app
        .post(&format!("/api/v1/pushes/{}/retry", ids[0]), &json!({}))
        .await
        .expect(200);
    let id = retried.data()["new_push_id"].as_i64().expect("an id");
    app.push_in_state(id, "delivered").await;
    let ids = app.push(&repo, "bbb").await;
    waiting(&app, ids[0]).await;
    app.stop().await;
}

async fn quiet_hours_that_change_let_go_what_waits_for_them(on: Backend) {
    let robot = DingTalk::start().await;
    let mut app = TestApp::start(on).await;
    let repo = app.repo("backend").await;
    let mut body = Robot::at(&robot).target("team");
    body["quiet_hours"] = quiet_for(&app, 2).0;
    let target = app.target(body).await;
    let path = format!("/api/v1/targets/{target}");
    let ids = app.push(&repo, "aaa").await;
    waiting(&app, ids[0]).await;

    let (longer, end) = quiet_for(&app, 4);
    app.put(&path, &json!({"quiet_hours": longer}))
        .await
        .expect(200);
    until("the new end", async || {
        let push = app.push_detail(ids[0]).await;
        (push["next_attempt_at"] == end).then_some(())
    })
    .await;
    waiting(&app, ids[0]).await;

    app.put(&path, &json!({"quiet_hours": null}))
        .await
        .expect(200);
    let push = app.push_in_state(ids[0], "delivered").await;
    assert_eq!(attempts(&push), 1, "{push:#}");
    app.stop().await;
}

async fn a_severe_review_is_told_of_at_once(on: Backend) {
    let team = Team::start(on, json!({})).await;
    let (mut quiet, _) = quiet_for(&team.app, 2);
    quiet["unless_severity"] = json!("HIGH");
    let targets = team.app.get("/api/v1/targets").await.expect(200);
    let path = format!("/api/v1/targets/{}", targets.list()[0]["id"]);
    team.app
        .put(&path, &json!({"quiet_hours": quiet}))
        .await
        .expect(200);
    team.host.merge_request(7, HEAD, vec![login()]);
    team.host.merge_request(8, OTHER, vec![login()]);
    for severity in ["CRITICAL", "MEDIUM"] {
        let said = reply("COMMENT", 50, json!([issue(2, severity)]));
        team.model.then(OpenAi::says(&said.to_string()));
    }
    let (_, severe) = team.deliver(merge_request(7, HEAD, "opened")).await;
    team.app.push_in_state(severe, "delivered").await;
    let (review, mild) = team.deliver(merge_request(8, OTHER, "opened")).await;
    let ended = team.ended(review).await;
    assert_eq!(ended["status"], "completed", "{ended:#}");
    waiting(&team.app, mild).await;
    assert_eq!(team.robot.count(), 1);
    team.app.advance(2 * HOUR);
    team.app.push_in_state(mild, "delivered").await;
    team.app.stop().await;
}

const OTHER: &str = "dddddddddddddddddddddddddddddddddddddddd";

/// What another node still believes of a target's quiet hours holds nothing back.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn quiet_hours_that_end_on_one_node_end_on_the_others() {
    let robot = DingTalk::start().await;
    let mut app = TestApp::start(Backend::Postgres).await;
    let repo = app.repo("backend").await;
    let mut body = Robot::at(&robot).target("team");
    body["quiet_hours"] = quiet_for(&app, 2).0;
    let target = app.target(body).await;
    let other = app.beside().start().await;
    for count in 1..=4 {
        let sender = if count % 2 == 0 { &app } else { &other };
        let ids = sender.push(&repo, &format!("commit{count}")).await;
        waiting(&app, ids[0]).await;
    }
    let path = format!("/api/v1/targets/{target}");
    app.put(&path, &json!({"quiet_hours": null}))
        .await
        .expect(200);
    until("all four", async || (robot.count() == 4).then_some(())).await;
    other.stop().await;
    app.stop().await;
}
