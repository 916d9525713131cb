//! Many dead letters are sent again in the background: all of them once, at the pace of whoever
//! takes them, and whatever stops in between.

use push_notify::pipeline::OPEN_SENDS;
use push_notify_tests::{
    Api, Backend, Delivery, DingTalk, Receiver, Response, Robot, Site, TestApp, both,
    example_channel, until,
};
use serde_json::{Value, json};
use std::{
    collections::HashSet,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

both!(
    all_dead_letters_are_sent_again_once,
    a_replay_goes_on_where_it_stopped,
    a_replay_makes_no_more_than_can_be_sent_and_can_be_cancelled,
    a_replay_is_finished_after_a_kill,
);

const WEBHOOK: &[&str] = &["http:${config.url}"];
const REPLAY: &str = "/api/v1/dead-letters/replay";
/// Ids that the server does not give soon.
const FIRST: i64 = 100_000;

fn webhook(receiver: &Receiver) -> Value {
    json!({"name": "all", "type": "hook", "config": {"url": receiver.url("/hook")}})
}

async fn start(on: Backend) -> TestApp {
    let builder = TestApp::on(on).plugin("hook", &example_channel(), WEBHOOK);
    builder.start().await
}

/// One delivery, and so many dead letters like it, each of an event of its own, one microsecond
/// after the other.
async fn add_dead_letters(app: &mut TestApp, target_id: i64, count: i64) {
    let repo = app.repo("backend").await;
    let push = app.push(&repo, "aaa").await[0];
    app.push_in_state(push, "delivered").await;
    let event_id = app.push_detail(push).await["event_id"].as_i64();
    let numbers = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $2)";
    let events = format!(
        "{numbers} INSERT INTO events (id, repo_id, uid, state, delivery_key, kind, event, headers, body, received_at)
         SELECT {FIRST} + i, repo_id, uid || CAST(i AS TEXT), state, delivery_key || CAST(i AS TEXT), kind, event, headers,
            body, received_at
         FROM n CROSS JOIN events WHERE events.id = $1"
    );
    let pushes = format!(
        "{numbers} INSERT INTO pushes (id, event_id, repo_id, target_id, scene, commit_id, commit_msg, state, reason, attempts,
            run_at, created_at)
         SELECT {FIRST} + i, {FIRST} + i, repo_id, {target_id}, 'commit_notify', 'aaa', 'a commit', 'failed', 'it was down', 8, 0,
            received_at - 1000000000 + i
         FROM n CROSS JOIN events WHERE events.id = $1"
    );
    for sql in [events, pushes] {
        sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(event_id)
            .bind(count)
            .execute(app.server.app().db.write())
            .await
            .expect("rows");
    }
}

async fn replay(app: &TestApp, id: &Value) -> Value {
    let answer = app.get(&format!("/api/v1/replays/{id}")).await;
    answer.expect(200).data().clone()
}

async fn dead(app: &TestApp) -> Value {
    let list = app.get("/api/v1/dead-letters").await.expect(200);
    list.data()["pagination"]["total"].clone()
}

async fn all_dead_letters_are_sent_again_once(on: Backend) {
    const MANY: usize = 700;
    let receiver = Receiver::start().await;
    let mut app = start(on).await;
    let target = app.target(webhook(&receiver)).await;
    add_dead_letters(&mut app, target, MANY as i64).await;
    assert_eq!(dead(&app).await, MANY);
    // Twice at the same time: each of them is taken up by one of the two.
    let first = app.post(REPLAY, &json!({})).await.expect(202);
    let second = app.post(REPLAY, &json!({"target_id": target})).await;
    let ids = [&first, &second].map(|answer| answer.data()["replay_id"].clone());
    receiver.wait_for(MANY + 1).await;
    let both = until("both to end", async || {
        let both = [replay(&app, &ids[0]).await, replay(&app, &ids[1]).await];
        let is_over = |replay: &Value| replay["state"] == "completed";
        both.iter().all(is_over).then_some(both)
    })
    .await;
    let sum = |field: &str| -> i64 { both.iter().filter_map(|one| one[field].as_i64()).sum() };
    assert_eq!(sum("replayed"), MANY as i64);
    let messages: HashSet<String> = receiver
        .requests()
        .iter()
        .filter_map(|request| Some(request.header("idempotency-key")?.to_owned()))
        .collect();
    assert_eq!((messages.len(), receiver.count()), (MANY + 1, MANY + 1));
    assert_eq!(dead(&app).await, 0);
    app.stop().await;
}

async fn a_replay_goes_on_where_it_stopped(on: Backend) {
    const MANY: i64 = 50;
    let receiver = Receiver::start().await;
    let mut app = start(on).await;
    let target = app.target(webhook(&receiver)).await;
    add_dead_letters(&mut app, target, MANY).await;
    // As a server leaves it that was killed behind the thirtieth.
    sqlx::query(
        "INSERT INTO replays (kind, state, selection, matched, replayed, skipped, mark_at, mark_id, run_at, username, created_at)
         SELECT 'dead_letters', 'running', '{}', 50, 30, 0, created_at, id, 0, 'admin', $1 FROM pushes WHERE id = $2",
    )
    .bind(app.server.app().clock.now_us())
    .bind(FIRST + 30)
    .execute(app.server.app().db.write())
    .await
    .expect("a replay");
    let ended = until("it to end", async || {
        let replay = replay(&app, &json!(1)).await;
        (replay["state"] == "completed").then_some(replay)
    })
    .await;
    assert_eq!(ended["replayed"], MANY);
    assert_eq!(ended["pushes"]["total"], MANY - 30);
    receiver.wait_for((MANY - 30) as usize + 1).await;
    assert_eq!(dead(&app).await, 30);
    app.stop().await;
}

async fn a_replay_makes_no_more_than_can_be_sent_and_can_be_cancelled(on: Backend) {
    const MANY: i64 = 1_500;
    let robot = DingTalk::start().await;
    let mut app = start(on).await;
    // It takes 20 in a minute.
    let target = app.target(Robot::at(&robot).target("team")).await;
    add_dead_letters(&mut app, target, MANY).await;
    let answer = app.post(REPLAY, &json!({})).await.expect(202);
    let id = &answer.data()["replay_id"];
    until("it to be full", async || {
        let replay = replay(&app, id).await;
        (replay["replayed"].as_i64()? >= 1_000).then_some(())
    })
    .await;
    let cancelled = app
        .post(&format!("/api/v1/replays/{id}/cancel"), &json!({}))
        .await
        .expect(200);
    assert_eq!(cancelled.data()["state"], "cancelled");
    let made = cancelled.data()["replayed"].as_i64().expect("a number");
    assert!((1_000..MANY).contains(&made), "{made}");
    assert_eq!(dead(&app).await, MANY - made);
    // A delivery that comes meanwhile does not stand behind them.
    let receiver = Receiver::start().await;
    app.target(json!({"name": "fresh", "type": "hook", "config": {"url": receiver.url("/hook")}}))
        .await;
    let repo = app.repo("another").await;
    app.push(&repo, "bbb").await;
    receiver.wait_for(1).await;
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_nodes_share_replays_and_send_each_dead_letter_once() {
    const MANY: usize = 600;
    let receiver = Receiver::start().await;
    let mut first = start(Backend::Postgres).await;
    let target = first.target(webhook(&receiver)).await;
    add_dead_letters(&mut first, target, MANY as i64).await;
    let second = first.beside().start().await;
    let (all, everything) = (json!({}), json!({"state": "failed"}));
    let (one, other) = tokio::join!(first.post(REPLAY, &all), second.post(REPLAY, &everything));
    let ids = [one.expect(202), other.expect(202)].map(|answer| answer.data()["replay_id"].clone());
    // And somebody retries some of them by hand meanwhile.
    let by_hand: Vec<i64> = (1..=200).map(|index| FIRST + 3 * index).collect();
    // It may be told that the server is busy: then the replays have them.
    second
        .post("/api/v1/pushes/batch-retry", &json!({"push_ids": by_hand}))
        .await;
    until("both to end", async || {
        let both = [
            replay(&first, &ids[0]).await,
            replay(&second, &ids[1]).await,
        ];
        let is_over = |replay: &Value| replay["state"] == "completed";
        both.iter().all(is_over).then_some(())
    })
    .await;
    receiver.wait_for(MANY + 1).await;
    let retries =
        "SELECT COUNT(*), COUNT(DISTINCT retry_of) FROM pushes WHERE retry_of IS NOT NULL";
    let retries: (i64, i64) = sqlx::query_as(retries)
        .fetch_one(first.server.app().db.read())
        .await
        .expect("counts");
    assert_eq!(retries, (MANY as i64, MANY as i64));
    assert_eq!(dead(&first).await, 0);
    second.stop().await;
    first.stop().await;
}

const BINARY: &str = env!("CARGO_BIN_EXE_push-notify-under-test");
const PASSWORD: &str = "Admin-not-real-1";
const SECRET: &str = "webhook-secret-not-real";

async fn a_replay_is_finished_after_a_kill(on: Backend) {
    const MANY: usize = 450;
    const PER_TARGET: usize = 8;
    let is_up = Arc::new(AtomicBool::new(false));
    let seen = is_up.clone();
    let receiver = Receiver::answering(move |_| match seen.load(Ordering::Relaxed) {
        true => Response::json(200, &json!({})).after(Duration::from_millis(5)),
        false => Response::new(400, "not today"),
    })
    .await;
    let settings =
        format!("[auth]\nadmin_password = \"{PASSWORD}\"\n[delivery]\nper_target = {PER_TARGET}");
    let site = Site::new(on, BINARY, &settings).await;
    let mut node = site.start().await;
    let (admin, _) = Api::new(node.address).login("admin", PASSWORD).await;
    let repo = json!({
        "name": "backend", "type": "github", "url": "https://github.com/company/backend-service",
        "webhook_secret": SECRET,
    });
    let repo = admin.post("/api/v1/repos", &repo).await.expect(200);
    admin
        .post("/api/v1/targets", &webhook(&receiver))
        .await
        .expect(200);
    let url = repo.data()["webhook_url"].as_str().expect("a URL");
    let path = &url[url.find("/webhook/").expect("a path")..];
    for index in 0..MANY {
        let request = admin.anonymous().request(reqwest::Method::POST, path);
        let delivery = Delivery::push(&format!("commit{index:04}"));
        admin.send(delivery.onto(request, SECRET)).await.expect(200);
    }
    let dead = async |admin: &Api| {
        let list = admin.get("/api/v1/dead-letters?size=1").await.expect(200);
        list.data()["pagination"]["total"].clone()
    };
    until("all to be dead", async || {
        (dead(&admin).await == MANY).then_some(())
    })
    .await;
    is_up.store(true, Ordering::Relaxed);
    let before = receiver.count();
    let answer = admin.post(REPLAY, &json!({})).await.expect(202);
    tokio::time::sleep(Duration::from_millis(rand::random_range(5..150))).await;
    node.kill().await;
    println!("killed after {} sends", receiver.count() - before);

    let mut node = site.start().await;
    let (admin, _) = Api::new(node.address).login("admin", PASSWORD).await;
    let path = format!("/api/v1/replays/{}", answer.data()["replay_id"]);
    let replay = until("all to be delivered", async || {
        let replay = admin.get(&path).await.expect(200).data().clone();
        (replay["state"] == "completed" && replay["pushes"]["success"] == MANY).then_some(replay)
    })
    .await;
    assert_eq!(replay["replayed"], MANY);
    assert_eq!(dead(&admin).await, 0);
    let repeated = receiver.count() - before - MANY;
    let most = OPEN_SENDS * PER_TARGET;
    assert!(repeated <= most, "{repeated} were sent twice");
    node.kill().await;
}
