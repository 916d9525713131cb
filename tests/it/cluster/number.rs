//! What becomes of the work of a server that died, and of one that only lost touch.

use push_notify_tests::{Backend, Builder, Receiver, Response, TestApp, example_channel, until};
use serde_json::json;
use sqlx::{Connection as _, PgConnection};
use std::time::{Duration, Instant};

fn with_channel(builder: Builder) -> Builder {
    builder.plugin("hook", &example_channel(), &["http:${config.url}"])
}

/// The sessions that hold numbers.
const SESSIONS: &str = "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND classid = 28789
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";

async fn run(app: &TestApp, sql: &str) -> i64 {
    let mut connection = PgConnection::connect(&app.config.database.url)
        .await
        .expect("the database");
    sqlx::query_scalar(sqlx::AssertSqlSafe(format!(
        "SELECT COUNT(*) FROM ({sql}) x"
    )))
    .fetch_one(&mut connection)
    .await
    .expect("a count")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_loses_its_session_keeps_its_number_and_repeats_nothing() {
    const PUSHES: usize = 60;
    // They take some seconds with both servers.
    let receiver =
        Receiver::answering(|_| Response::json(200, &json!({})).after(Duration::from_millis(1500)))
            .await;
    let mut first = with_channel(TestApp::on(Backend::Postgres)).start().await;
    let repo = first.repo("backend").await;
    first
        .target(json!({"name": "all", "type": "hook", "config": {"url": receiver.url("/hook")}}))
        .await;
    let second = first.beside().start().await;
    let numbers = [&first, &second].map(|app| app.server.app().db.number().get());
    assert_ne!(numbers[0], numbers[1]);
    for index in 0..PUSHES / 2 {
        first.push(&repo, &format!("first{index}")).await;
        second.push(&repo, &format!("second{index}")).await;
    }
    let cut = run(
        &first,
        &format!("SELECT pg_terminate_backend(pid) FROM ({SESSIONS}) s"),
    )
    .await;
    assert_eq!(cut, 2);
    until("both to have sessions again", async || {
        (run(&first, SESSIONS).await == 2).then_some(())
    })
    .await;
    until("all to be delivered", async || {
        let done = first.get("/api/v1/pushes?status=success&size=1").await;
        (done.expect(200).data()["pagination"]["total"] == PUSHES).then_some(())
    })
    .await;
    assert_eq!(receiver.count(), PUSHES);
    for (app, number) in [(&first, numbers[0]), (&second, numbers[1])] {
        assert!(app.server.app().db.number().holds(number));
    }
    second.stop().await;
    first.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_dead_server_held_is_taken_over_long_before_its_leases_end() {
    let receiver = Receiver::start().await;
    let mut app = with_channel(TestApp::on(Backend::Postgres)).start().await;
    let repo = app.repo("backend").await;
    app.target(json!({"name": "all", "type": "hook", "config": {"url": receiver.url("/hook")}}))
        .await;
    let ids = app.push(&repo, "aaa").await;
    app.push_in_state(ids[0], "delivered").await;
    // As a server leaves it that was killed in the middle of the first attempt: its number is
    // enrolled, and nobody holds it.
    let mut connection = PgConnection::connect(&app.config.database.url)
        .await
        .expect("the database");
    let sql = format!(
        "BEGIN; DELETE FROM push_attempts; INSERT INTO nodes (number, since) VALUES (700, 1);
         UPDATE pushes SET state = 'pending', lease = 5 * 1024 + 700, attempts = 1,
            run_at = (EXTRACT(EPOCH FROM clock_timestamp()) * 1000000)::bigint + 85000000 WHERE id = {};
         COMMIT",
        ids[0]
    );
    sqlx::raw_sql(sqlx::AssertSqlSafe(sql))
        .execute(&mut connection)
        .await
        .expect("it is left behind");
    let began = Instant::now();
    until("the interruption to be on record", async || {
        let push = app.push_detail(ids[0]).await;
        let attempts = push["attempts"].as_array().cloned().unwrap_or_default();
        let interrupted = attempts
            .iter()
            .any(|attempt| attempt["outcome"] == "interrupted");
        interrupted.then_some(())
    })
    .await;
    let took = began.elapsed();
    assert!(
        (9..25).contains(&took.as_secs()),
        "not while it may live, and long before the lease ends: {took:?}"
    );
    app.push_in_state(ids[0], "delivered").await;
    until("the number to be free again", async || {
        (run(&app, "SELECT 1 FROM nodes").await == 1).then_some(())
    })
    .await;
    app.stop().await;
}
