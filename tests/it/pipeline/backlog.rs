//! What waits for one target is not in another's way, however much it is; and neither is what one
//! repository sends in another's.

use push_notify_tests::{
    Api, Backend, Delivery, Receiver, Request, Response, Site, TestApp, both, example_channel,
    until,
};
use serde_json::{Value, json};
use sqlx::AnyPool;
use std::time::{Duration, Instant};

both!(
    a_long_queue_delays_neither_another_target_nor_another_repository,
    a_million_waiting_pushes_neither_slow_the_start_nor_fill_the_memory,
);

const BINARY: &str = env!("CARGO_BIN_EXE_push-notify-under-test");
const PASSWORD: &str = "Admin-not-real-1";
const SECRET: &str = "webhook-secret-not-real";
/// The first push that was written past the server.
const FIRST: i64 = 10_000_000;

/// So many more pushes like one that is there, due since its time, each a little later than the one
/// before. No tally counts them: that would take most of the time.
async fn multiply(on: Backend, pool: &AnyPool, push_id: i64, count: i64) {
    let mut connection = pool.acquire().await.expect("a connection");
    let uncounted = match on {
        Backend::Sqlite => "DROP TRIGGER pushes_inserted",
        Backend::Postgres => "ALTER TABLE pushes DISABLE TRIGGER pushes_inserted",
    };
    sqlx::query(uncounted)
        .execute(&mut *connection)
        .await
        .expect("the trigger is there");
    let sql = format!(
        "WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {count})
         INSERT INTO pushes (id, event_id, repo_id, target_id, scene, commit_id, commit_msg, state, attempts, run_at, created_at)
         SELECT {FIRST} + i, event_id, repo_id, target_id, scene, commit_id, commit_msg, 'pending', 0,
             created_at - 10000000 + i, created_at
         FROM n, pushes WHERE pushes.id = {push_id}"
    );
    sqlx::query(sqlx::AssertSqlSafe(sql))
        .execute(&mut *connection)
        .await
        .expect("pushes");
    if on == Backend::Postgres {
        // The trigger does that as well.
        let queued = format!(
            "INSERT INTO push_queue SELECT id, repo_id, target_id, state, attempts, run_at, lease, only_to, carried_by, waits_for,
                 most_attempts, replay_id, created_at
             FROM pushes WHERE id >= {FIRST}"
        );
        sqlx::query(sqlx::AssertSqlSafe(queued))
            .execute(&mut *connection)
            .await
            .expect("the queue");
    }
}

fn push_id(request: &Request) -> i64 {
    let id = request.header("idempotency-key").expect("an id");
    let (_, id) = id.rsplit_once('.').expect("event and push");
    id.parse().expect("a number")
}

fn webhook(name: &str, receiver: &Receiver) -> Value {
    json!({"name": name, "type": "hook", "config": {"url": receiver.url("/hook")}})
}

async fn slow() -> Receiver {
    Receiver::answering(|_| Response::json(200, &json!({})).after(Duration::from_millis(50))).await
}

async fn a_long_queue_delays_neither_another_target_nor_another_repository(on: Backend) {
    const WAITING: i64 = 20_000;
    let (slow, quick) = (slow().await, Receiver::start().await);
    let mut app = TestApp::on(on)
        .config(|config| config.delivery.queue = 256)
        .plugin("hook", &example_channel(), &["http:${config.url}"])
        .start()
        .await;
    let noisy = app.repo("noisy").await;
    let modest = app.repo("modest").await;
    app.target(webhook("slow", &slow)).await;
    let ids = app.push(&noisy, "aaa").await;
    app.push_in_state(ids[0], "delivered").await;
    let pool = app.server.app().db.write().clone();
    multiply(on, &pool, ids[0], WAITING).await;
    app.target(webhook("quick", &quick)).await;
    slow.wait_for(100).await;

    let started = Instant::now();
    let mine = app.push(&modest, "mine").await;
    quick.wait_for(1).await;
    let other_target = started.elapsed();
    until("the other repository's push", async || {
        let requests = slow.requests();
        requests
            .iter()
            .any(|request| mine.contains(&push_id(request)))
            .then_some(())
    })
    .await;
    let same_target = started.elapsed();
    println!(
        "another target after {other_target:?}, another repository at the same one after {same_target:?}"
    );
    assert!(other_target < Duration::from_secs(3), "{other_target:?}");
    assert!(same_target < Duration::from_secs(10), "{same_target:?}");
    let sent = slow.count() as i64;
    assert!(
        sent < WAITING / 2,
        "it did not wait for its turn behind {sent}"
    );
    app.stop().await;
}

async fn a_million_waiting_pushes_neither_slow_the_start_nor_fill_the_memory(on: Backend) {
    const WAITING: i64 = 1_000_000;
    const LOOKED_AT: usize = 1_000;
    let (backlog, fresh) = (Receiver::start().await, Receiver::start().await);
    let settings = format!("[auth]\nadmin_password = \"{PASSWORD}\"");
    let site = Site::new(on, BINARY, &settings).await;
    let mut node = site.start().await;
    let (admin, _) = Api::new(node.address).login("admin", PASSWORD).await;
    let path = repo(&admin, "noisy").await;
    let other = repo(&admin, "modest").await;
    admin
        .post("/api/v1/targets", &webhook("backlog", &backlog))
        .await
        .expect(200);
    let push_ids = push(&admin, &path, "aaa").await;
    backlog.wait_for(1).await;
    admin
        .post("/api/v1/targets", &webhook("fresh", &fresh))
        .await
        .expect(200);
    node.terminate().await;
    let started = Instant::now();
    let mut node = site.start().await;
    let empty_start = started.elapsed();
    let empty_kib = node.peak_kib();
    node.terminate().await;

    sqlx::any::install_default_drivers();
    let pool = AnyPool::connect(site.database_url())
        .await
        .expect("the database");
    let started = Instant::now();
    multiply(on, &pool, push_ids[0], WAITING).await;
    pool.close().await;
    println!("{WAITING} pushes written in {:?}", started.elapsed());
    backlog.forget();

    let started = Instant::now();
    let mut node = site.start().await;
    let full_start = started.elapsed();
    let (admin, _) = Api::new(node.address).login("admin", PASSWORD).await;
    let started = Instant::now();
    let mine = push(&admin, &other, "mine").await;
    fresh.wait_for(1).await;
    let other_target = started.elapsed();
    until("the other repository's push", async || {
        let requests = backlog.requests();
        requests
            .iter()
            .any(|request| mine.contains(&push_id(request)))
            .then_some(())
    })
    .await;
    let same_target = started.elapsed();
    backlog.wait_for(LOOKED_AT).await;
    let drained = started.elapsed();
    let full_kib = node.peak_kib();
    node.kill().await;
    println!(
        "start {full_start:?} (empty {empty_start:?}); another target after {other_target:?}, another repository after \
         {same_target:?}; {LOOKED_AT} after {drained:?}; {full_kib} KiB (empty {empty_kib} KiB)"
    );
    assert!(full_start < empty_start + Duration::from_secs(1));
    assert!(other_target < Duration::from_secs(3));
    assert!(full_kib < empty_kib + 64 * 1024);
    let held = 4096 / 8;
    for (place, request) in (0..).zip(backlog.requests().iter().take(LOOKED_AT)) {
        let id = push_id(request);
        assert!(
            mine.contains(&id) || id < FIRST + place + held,
            "push {id} was sent as number {place}"
        );
    }
}

/// Returns the path of its webhook.
async fn repo(admin: &Api, name: &str) -> String {
    let repo = json!({
        "name": name, "type": "github", "url": "https://github.com/company/backend-service", "webhook_secret": SECRET,
    });
    let repo = admin.post("/api/v1/repos", &repo).await.expect(200);
    let url = repo.data()["webhook_url"].as_str().expect("a URL");
    let path = url.find("/webhook/").map(|at| &url[at..]);
    path.expect("a webhook path").to_owned()
}

async fn push(admin: &Api, path: &str, commit: &str) -> Vec<i64> {
    let request = admin.anonymous().request(reqwest::Method::POST, path);
    let request = Delivery::push(commit).onto(request, SECRET);
    let answer = admin.send(request).await.expect(200);
    let ids = answer.data()["push_ids"].as_array().expect("push_ids");
    ids.iter().filter_map(Value::as_i64).collect()
}
