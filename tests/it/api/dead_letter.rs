//! `/api/v1/dead-letters` and `/api/v1/replays`.

use push_notify_tests::{Backend, DingTalk, Response, Robot, TestApp, both, until};
use serde_json::{Value, json};

both!(
    dead_letters_are_listed_counted_and_sent_again,
    what_was_sent_again_is_not_sent_a_second_time,
    the_answer_of_the_far_side_is_shown_and_no_secret,
);

const LIST: &str = "/api/v1/dead-letters";
const REPLAY: &str = "/api/v1/dead-letters/replay";

fn gone() -> Response {
    DingTalk::errcode(300005, "token is not exist")
}

async fn total(app: &TestApp, query: &str) -> Value {
    let list = app.get(&format!("{LIST}?{query}")).await.expect(200);
    list.data()["pagination"]["total"].clone()
}

/// The replay, when it is over and its pushes have ended.
async fn ended(app: &TestApp, answer: &Value) -> Value {
    let path = format!("/api/v1/replays/{}", answer["replay_id"]);
    until("the replay to end", async || {
        let replay = app.get(&path).await.expect(200).data().clone();
        let pushes = &replay["pushes"];
        let over = pushes["success"].as_i64()? + pushes["failed"].as_i64()?;
        (replay["state"] == "completed" && pushes["total"] == over).then_some(replay)
    })
    .await
}

async fn dead_letters_are_listed_counted_and_sent_again(on: Backend) {
    let robot = DingTalk::start().await;
    let other = DingTalk::start().await;
    let mut app = TestApp::start(on).await;
    let repo = app.repo("backend").await;
    let target = app.target(Robot::at(&robot).target("team")).await;
    let off = app.target(Robot::at(&other).target("others")).await;
    app.put(
        &format!("/api/v1/targets/{off}"),
        &json!({"status": "inactive"}),
    )
    .await
    .expect(200);
    robot.then(gone()).then(gone());
    for commit in ["aaa", "bbb", "ccc"] {
        for (id, state) in app.push(&repo, commit).await.into_iter().zip([
            if commit == "ccc" {
                "delivered"
            } else {
                "misconfigured"
            },
            "cancelled",
        ]) {
            app.push_in_state(id, state).await;
        }
    }
    let list = app.get(LIST).await.expect(200);
    assert_eq!(list.data()["pagination"]["total"], 5);
    let newest = &list.list()[0];
    assert_eq!(newest["state"], "cancelled");
    assert_eq!(newest["target_name"], "others");
    assert_eq!(newest["repo_name"], "backend");
    for (query, count) in [
        (format!("target_id={target}"), 2),
        (format!("target_id={target}&repo_id={}", repo.id), 2),
        ("state=cancelled".to_owned(), 3),
        ("reason=TOKEN%20is".to_owned(), 2),
        ("reason=100%25".to_owned(), 0),
        ("start_time=2020-01-01T00:00:00Z".to_owned(), 5),
        ("end_time=2020-01-01T00:00:00Z".to_owned(), 0),
        ("repo_id=999999".to_owned(), 0),
    ] {
        assert_eq!(total(&app, &query).await, count, "{query}");
    }
    let summary = app.get(&format!("{LIST}/summary")).await.expect(200);
    let summary = summary.data();
    assert_eq!(summary["total"], 5);
    let states =
        json!([{"state": "cancelled", "count": 3}, {"state": "misconfigured", "count": 2}]);
    assert_eq!(summary["by_state"], states);
    assert_eq!(summary["by_target"][0]["target_name"], "others");
    assert_eq!(summary["by_target"][1]["count"], 2);
    assert_eq!(summary["by_reason"][0]["reason"], "the target is disabled");

    let wanted = json!({"target_id": target, "dry_run": true});
    let dry = app.post(REPLAY, &wanted).await.expect(200);
    assert_eq!(
        dry.data(),
        &json!({"replay_id": null, "dry_run": true, "matched": 2})
    );
    assert_eq!(robot.count(), 3);

    let answer = app.post(REPLAY, &json!({})).await.expect(202);
    assert_eq!(answer.data()["matched"], 5);
    let replay = ended(&app, answer.data()).await;
    // What would be cancelled again is left alone.
    assert_eq!(
        (&replay["replayed"], &replay["skipped"]),
        (&json!(2), &json!(3))
    );
    assert_eq!(
        replay["pushes"],
        json!({"total": 2, "success": 2, "failed": 0})
    );
    assert_eq!(replay["username"], "admin");
    assert_eq!(robot.count(), 5);
    assert_eq!(total(&app, "").await, 3);
    let pushes = app
        .get(&format!("/api/v1/pushes?target_id={target}&size=1"))
        .await;
    let push = app
        .push_detail(pushes.list()[0]["id"].as_i64().expect("an id"))
        .await;
    assert_eq!(push["replay_id"], replay["id"]);
    let first = app
        .push_detail(push["retry_of"].as_i64().expect("an id"))
        .await;
    assert_eq!(first["state"], "misconfigured");
    assert_eq!(first["superseded_by"], push["id"]);
    let log = app
        .get("/api/v1/logs/operations?action=dead_letter.replay")
        .await
        .expect(200);
    assert!(
        log.list()[0]["detail"]
            .as_str()
            .is_some_and(|said| said.ends_with(": all")),
        "{}",
        log.text
    );
    let list = app
        .get("/api/v1/replays?kind=dead_letters")
        .await
        .expect(200);
    assert_eq!(list.list()[0]["id"], replay["id"]);
    app.post(
        &format!("/api/v1/replays/{}/cancel", replay["id"]),
        &json!({}),
    )
    .await
    .expect(409);
    app.assert_nothing_leaked();
    app.stop().await;
}

async fn what_was_sent_again_is_not_sent_a_second_time(on: Backend) {
    let robot = DingTalk::start().await;
    let mut app = TestApp::start(on).await;
    let repo = app.repo("backend").await;
    app.target(Robot::at(&robot).target("team")).await;
    robot.then(gone()).then(gone());
    let first = app.push(&repo, "aaa").await[0];
    app.push_in_state(first, "misconfigured").await;
    let retry = app
        .post(&format!("/api/v1/pushes/{first}/retry"), &json!({}))
        .await
        .expect(200);
    let second = retry.data()["new_push_id"].as_i64().expect("a push");
    app.push_in_state(second, "misconfigured").await;
    // The retry stands for both.
    let list = app.get(LIST).await.expect(200);
    assert_eq!(list.list().len(), 1);
    assert_eq!(list.list()[0]["id"], second);
    assert_eq!(list.list()[0]["retry_of"], first);
    let both = json!({"ids": [first, second]});
    let answer = app.post(REPLAY, &both).await.expect(202);
    assert_eq!(answer.data()["matched"], 1);
    let replay = ended(&app, answer.data()).await;
    assert_eq!(replay["pushes"]["success"], 1);
    let again = app.post(REPLAY, &both).await.expect(202);
    assert_eq!(again.data()["matched"], 0);
    let replay = ended(&app, again.data()).await;
    assert_eq!(replay["replayed"], 0);
    assert_eq!(robot.count(), 3);
    for id in [first, second] {
        app.post(&format!("/api/v1/pushes/{id}/retry"), &json!({}))
            .await
            .expect(409);
    }
    app.stop().await;
}

async fn the_answer_of_the_far_side_is_shown_and_no_secret(on: Backend) {
    let robot = DingTalk::start().await;
    let mut app = TestApp::on(on)
        .config(|config| config.delivery.max_attempts = 2)
        .start()
        .await;
    let repo = app.repo("backend").await;
    app.target(Robot::at(&robot).target("team")).await;
    // A far side that repeats what it was asked with.
    let told = format!("no such token {} at line 7", robot.token);
    robot.then(Response::new(502, "<h1>Bad gateway of tests</h1>"));
    robot.then(DingTalk::errcode(300005, &told));
    let id = app.push(&repo, "aaa").await[0];
    let push = app.push_in_state(id, "misconfigured").await;
    let details: Vec<&str> = push["attempts"]
        .as_array()
        .expect("attempts")
        .iter()
        .filter_map(|attempt| attempt["detail"].as_str())
        .collect();
    assert!(
        details[0].contains("502") && details[0].contains("Bad gateway of tests"),
        "{details:?}"
    );
    assert!(
        details[1].contains("300005") && details[1].contains("at line 7"),
        "{details:?}"
    );
    app.get(LIST).await.expect(200);
    app.get(&format!("{LIST}/summary")).await.expect(200);
    app.assert_nothing_leaked();
    app.stop().await;
}

/// What it was asked with can be asked for again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_replay_shows_its_selection_as_it_was_given() {
    let app = TestApp::start(Backend::Sqlite).await;
    for selection in [
        json!({}),
        json!({"start_time": "2026-01-19T14:30:00Z"}),
        json!({"end_time": "2026-01-19T14:30:00Z"}),
        json!({"start_time": "2026-01-19T14:30:00Z", "end_time": "2026-01-20T00:00:00Z", "state": "failed"}),
        json!({"reason": "2026", "ids": [1, 2]}),
    ] {
        let answer = app.post(REPLAY, &selection).await.expect(202);
        let replay = ended(&app, answer.data()).await;
        assert_eq!(replay["selection"], selection);
    }
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_selection_is_refused_by_field_and_users_only_look() {
    let app = TestApp::start(Backend::Sqlite).await;
    let many: Vec<i64> = (1..=501).collect();
    for (body, status, field) in [
        (json!({"ids": []}), 422, "ids"),
        (json!({"ids": many}), 422, "ids"),
        (json!({"ids": [0]}), 422, "ids"),
        (json!({"ids": "1"}), 400, "ids"),
        (json!({"ids": [1.5]}), 400, "ids"),
        (json!({"state": "delivered"}), 422, "state"),
        (json!({"repo_id": -1}), 422, "repo_id"),
        (json!({"target_id": "x"}), 400, "target_id"),
        (json!({"start_time": "yesterday"}), 422, "start_time"),
        (json!({"end_time": 7}), 400, "end_time"),
        (
            json!({"start_time": "2026-01-02T00:00:00Z", "end_time": "2026-01-01T00:00:00Z"}),
            422,
            "end_time",
        ),
        (json!({"reason": "x".repeat(201)}), 422, "reason"),
        (json!({"dry_run": "yes"}), 400, "dry_run"),
    ] {
        app.post(REPLAY, &body).await.expect(status).names(field);
    }
    for query in [
        "state=pending",
        "start_time=x",
        "repo_id=0",
        "size=101",
        "reason=%00",
    ] {
        let field = query.split('=').next().expect("a name");
        app.get(&format!("{LIST}?{query}"))
            .await
            .expect(400)
            .names(field);
    }
    app.get(&format!("{LIST}/summary?state=odd"))
        .await
        .expect(400)
        .names("state");
    app.get("/api/v1/replays?state=odd")
        .await
        .expect(400)
        .names("state");
    app.get("/api/v1/replays/999999").await.expect(404);
    app.get("/api/v1/replays/x").await.expect(400);
    app.post("/api/v1/replays/999999/cancel", &json!({}))
        .await
        .expect(404);
    let (_, user) = app.user("lisi", "user").await;
    user.get(LIST).await.expect(200);
    user.get("/api/v1/replays").await.expect(200);
    user.post(REPLAY, &json!({})).await.expect(403);
    app.stop().await;
}
