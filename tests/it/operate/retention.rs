//! What is old goes, and nobody waits for that.

use super::load::Load;
use push_notify::retention::{self, Removed};
use push_notify_tests::{Backend, Receiver, TestApp, both, example_channel};
use sqlx::{AnyPool, AssertSqlSafe};
use std::time::{Duration, Instant};

both!(
    what_is_over_goes_and_what_waits_stays,
    what_nobody_could_read_for_a_year_ends_and_says_why,
    webhooks_are_taken_while_old_rows_go,
);

const DAY: i64 = 86_400_000_000;

async fn app(on: Backend) -> TestApp {
    TestApp::on(on)
        .plugin("hook", &example_channel(), &["http:${config.url}"])
        .start()
        .await
}

async fn run(app: &TestApp, sql: &str) {
    let done = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))
        .execute(app.server.app().db.write())
        .await;
    done.expect(sql);
}

/// An event of long ago: its id, its age, its state, and the age and state of each of its pushes.
async fn add(app: &TestApp, id: i64, days: i64, state: &str, pushes: &[(i64, &str)]) {
    let now = app.server.app().clock.now_us();
    let at = now - days * DAY;
    run(
        app,
        &format!(
            "INSERT INTO events (id, repo_id, uid, state, delivery_key, kind, headers, body, received_at)
             VALUES ({id}, 1, 'u{id}', '{state}', 'k{id}', 'push', 'v1:0:x', 'body', {at})"
        )
        .replace("'body'", if is_postgres(app) { "'body'" } else { "X'00'" }),
    )
    .await;
    for (index, (days, state)) in pushes.iter().enumerate() {
        let at = now - days * DAY;
        let push = id * 10 + index as i64;
        run(
            app,
            &format!(
                "INSERT INTO pushes (id, event_id, repo_id, target_id, template_id, scene, commit_id, commit_msg, state,
                    attempts, run_at, created_at)
                 VALUES ({push}, {id}, 1, 7, 3, 'commit_notify', 'c', 'm', '{state}', 1, {now} + 3600000000, {at});
                 INSERT INTO push_attempts (push_id, attempt, outcome, started_at, duration_us)
                 VALUES ({push}, 1, 'delivered', {at}, 1)"
            ),
        )
        .await;
    }
}

fn is_postgres(app: &TestApp) -> bool {
    app.config.database.url.starts_with("postgres")
}

async fn ids(pool: &AnyPool, sql: &'static str) -> Vec<i64> {
    sqlx::query_scalar(sql).fetch_all(pool).await.expect("ids")
}

async fn prune(app: &TestApp) -> Removed {
    retention::prune(app.server.app())
        .await
        .expect("the database answers")
}

async fn what_is_over_goes_and_what_waits_stays(on: Backend) {
    let app = app(on).await;
    let pool = app.server.app().db.read().clone();
    add(
        &app,
        1,
        100,
        "accepted",
        &[(100, "delivered"), (100, "cancelled")],
    )
    .await;
    add(
        &app,
        2,
        100,
        "accepted",
        &[(100, "failed"), (100, "delivered")],
    )
    .await;
    add(&app, 3, 200, "accepted", &[(200, "rejected")]).await;
    add(
        &app,
        4,
        200,
        "accepted",
        &[(200, "delivered"), (200, "pending")],
    )
    .await;
    add(&app, 5, 200, "parked", &[]).await;
    add(&app, 6, 200, "discarded", &[]).await;
    add(
        &app,
        7,
        200,
        "accepted",
        &[(200, "rejected"), (10, "delivered")],
    )
    .await;
    add(&app, 8, 100, "accepted", &[(100, "delivered")]).await;
    add(&app, 9, 40, "accepted", &[(40, "delivered")]).await;
    add(&app, 10, 1, "accepted", &[(1, "delivered")]).await;
    let at = app.server.app().clock.now_us();
    for (id, step) in [(1, "NULL"), (8, "'publish'")] {
        run(
            &app,
            &format!(
                "INSERT INTO reviews (id, repo_id, kind, head_sha, triggered_by, state, step, attempts, run_at, due_by, created_at)
                 VALUES ({id}, 1, 'push', 'a', 'webhook', 'completed', {step}, 0, {at} + 3600000000, {at}, {at})"
            ),
        )
        .await;
    }
    let overview = async || {
        let answer = app.get("/api/v1/stats/overview").await.expect(200);
        answer.data()["pushes"].clone()
    };
    let trend = async || {
        let today = jiff::Timestamp::from_microsecond(at)
            .expect("a time")
            .to_zoned(jiff::tz::TimeZone::UTC)
            .date();
        let day = |days: i64| today.saturating_sub(jiff::Span::new().days(days));
        let path = format!(
            "/api/v1/pushes/stats?start_date={}&end_date={}&timezone=UTC",
            day(250),
            today
        );
        app.get(&path).await.expect(200).data().clone()
    };
    let (before, days) = (overview().await, trend().await);

    let removed = prune(&app).await;
    assert_eq!((removed.events, removed.pushes), (3, 3));
    assert_eq!(
        ids(&pool, "SELECT id FROM events ORDER BY id").await,
        [2, 4, 5, 7, 8, 9, 10]
    );
    assert_eq!(
        ids(
            &pool,
            "SELECT DISTINCT push_id FROM push_attempts ORDER BY 1"
        )
        .await,
        ids(&pool, "SELECT id FROM pushes ORDER BY 1").await
    );
    assert_eq!(ids(&pool, "SELECT id FROM reviews").await, [8]);
    assert_eq!(overview().await, before, "what was sent stays counted");
    assert_eq!(trend().await, days);
    let list = app.get("/api/v1/pushes?size=100").await.expect(200);
    assert_eq!(list.data()["pagination"]["total"], list.list().len());

    // Older than 30 days, and not parked.
    assert_eq!(removed.bodies, 5);
    let with_body = "SELECT id FROM events WHERE LENGTH(body) > 0 ORDER BY id";
    assert_eq!(ids(&pool, with_body).await, [5, 10]);
    assert_eq!(prune(&app).await, Removed::default(), "all is done");
    app.stop().await;
}

async fn what_nobody_could_read_for_a_year_ends_and_says_why(on: Backend) {
    let app = app(on).await;
    add(&app, 1, 364, "parked", &[]).await;
    add(&app, 2, 366, "parked", &[]).await;
    let removed = prune(&app).await;
    assert_eq!((removed.events, removed.bodies, removed.parked), (0, 0, 1));
    let event = app.get("/api/v1/events/1").await.expect(200);
    assert_eq!(event.data()["state"], "parked");
    let event = app.get("/api/v1/events/2").await.expect(200);
    assert_eq!(event.data()["state"], "discarded");
    let reason = event.data()["reason"].as_str().expect("a reason");
    assert!(reason.contains("retention.keep_parked_days"), "{reason}");

    // It can be looked at for as long as one that came today.
    assert_eq!(prune(&app).await, Removed::default());
    run(
        &app,
        "UPDATE events SET retry_at = retry_at - 91 * 86400000000 WHERE id = 2",
    )
    .await;
    assert_eq!(prune(&app).await.events, 1);
    app.get("/api/v1/events/2").await.expect(404);
    app.get("/api/v1/events/1").await.expect(200);
    app.stop().await;
}

/// Old events with a push each.
const OLD: i64 = 4_000;

async fn webhooks_are_taken_while_old_rows_go(on: Backend) {
    let receiver = Receiver::start().await;
    let app = app(on).await;
    let load = Load::set_up(&app.api, &receiver).await;
    let at = app.server.app().clock.now_us() - 100 * DAY;
    let body = if is_postgres(&app) { "'body'" } else { "X'00'" };
    for sql in [
        format!(
            "INSERT INTO events (id, repo_id, uid, state, delivery_key, kind, headers, body, received_at)
             SELECT n, 1, 'u' || n, 'accepted', 'k' || n, 'push', '', {body}, {at} + n FROM n"
        ),
        format!(
            "INSERT INTO pushes (id, event_id, repo_id, target_id, scene, commit_id, commit_msg, state, attempts, run_at,
                created_at)
             SELECT n, n, 1, 1, 'commit_notify', 'c', 'm', 'delivered', 1, 0, {at} + n FROM n"
        ),
        format!(
            "INSERT INTO push_attempts (push_id, attempt, outcome, started_at, duration_us)
             SELECT n, 1, 'delivered', {at} + n, 1 FROM n"
        ),
    ] {
        let first = 1_000_000_i64;
        run(
            &app,
            &format!(
                "WITH RECURSIVE n (n) AS (SELECT {first} UNION ALL SELECT n + 1 FROM n WHERE n < {first} + {OLD} - 1) {sql}"
            ),
        )
        .await;
    }
    let quiet = slowest(&app, &load, 0).await;
    let removing = async {
        let started = Instant::now();
        let removed = prune(&app).await;
        (removed, started.elapsed())
    };
    let loading = async { slowest(&app, &load, 1).await };
    let ((removed, took), busy) = tokio::join!(removing, loading);
    println!("p99 {quiet:?} alone, {busy:?} while {removed:?} went in {took:?}");
    assert_eq!((removed.events, removed.pushes), (OLD as u64, OLD as u64));
    assert_eq!(load.answered().len(), 2 * ROUND);
    // The machine has other things to do besides; one that waited for all of it would have waited
    // for longer.
    let patience = quiet * 2 + (took / 4).max(Duration::from_millis(100));
    assert!(busy < patience, "{quiet:?}, {busy:?}");
    app.stop().await;
}

const ROUND: usize = 600;

/// The 99th percentile of how long a webhook takes.
async fn slowest(app: &TestApp, load: &Load, round: usize) -> Duration {
    let mut took = load
        .time(&app.api, round * ROUND..(round + 1) * ROUND)
        .await;
    took.sort();
    took[took.len() * 99 / 100]
}
