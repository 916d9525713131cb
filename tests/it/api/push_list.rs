//! Long lists of pushes, and their statistics: rows that were written past the pipeline.

use push_notify_tests::{Api, Backend, TestApp, both};
use sqlx::AnyPool;

both!(
    every_page_of_a_long_list_is_where_it_belongs,
    what_no_tally_counts_is_counted_up_to_a_bound,
    days_are_those_of_the_time_zone
);

/// Over some hours, in another order than that of the ids, many at the same time.
const INSERT: &str = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10050)
    INSERT INTO pushes (id, event_id, repo_id, target_id, scene, commit_id, commit_msg, state, attempts, run_at, created_at)
    SELECT i, i / 2, 1 + i % 3, 1 + i % 7, 'commit_notify', 'abc', 'a needle in the hay',
        CASE WHEN i % 10 = 0 THEN 'failed' WHEN i % 11 = 0 THEN 'parked' ELSE 'delivered' END, 1, 0,
        1700000000000000 + CAST(i * 7919 % 500 AS BIGINT) * 60000000
    FROM n";

async fn filled(on: Backend) -> (TestApp, AnyPool) {
    let app = TestApp::start(on).await;
    let pool = app.server.app().db.write().clone();
    sqlx::query(INSERT).execute(&pool).await.expect("pushes");
    (app, pool)
}

fn ids(answer: &push_notify_tests::Answer) -> Vec<i64> {
    let list = answer.list().iter();
    list.filter_map(|push| push["id"].as_i64()).collect()
}

async fn every_page_of_a_long_list_is_where_it_belongs(on: Backend) {
    let (app, pool) = filled(on).await;
    let cases = [
        ("", "1 = 1"),
        ("status=success", "state = 'delivered'"),
        ("status=failed", "state = 'failed'"),
        ("status=pending", "state = 'parked'"),
        ("repo_id=2", "repo_id = 2"),
        (
            "target_id=3&status=failed",
            "target_id = 3 AND state = 'failed'",
        ),
        (
            "repo_id=1&status=success",
            "repo_id = 1 AND state = 'delivered'",
        ),
        ("repo_id=1&target_id=5", "repo_id = 1 AND target_id = 5"),
        ("event_id=700", "event_id = 700"),
        (
            "start_time=2023-11-14T23:00:00Z&end_time=2023-11-15T01:30:00Z&status=success",
            "created_at >= 1700002800000000 AND created_at <= 1700011800000000 AND state = 'delivered'",
        ),
    ];
    for (query, condition) in cases {
        for order in ["DESC", "ASC"] {
            let sql = format!(
                "SELECT id FROM pushes WHERE {condition} ORDER BY created_at {order}, id {order}"
            );
            let all: Vec<i64> = sqlx::query_scalar(sqlx::AssertSqlSafe(sql))
                .fetch_all(&pool)
                .await
                .expect("ids");
            assert!(!all.is_empty(), "{query}");
            let pages = all.len().div_ceil(100);
            for page in [1, 2, pages / 3, pages / 2 + 1, pages, pages + 1] {
                let page = page.max(1);
                let path = format!(
                    "/api/v1/pushes?{query}&order={}&size=100&page={page}",
                    order.to_lowercase()
                );
                let answer = app.get(&path).await.expect(200);
                let expected = all.chunks(100).nth(page - 1).unwrap_or_default();
                assert_eq!(ids(&answer), expected, "{path}");
                let pagination = &answer.data()["pagination"];
                assert_eq!(
                    pagination["total"],
                    all.len().min(10_000 + 50 * usize::from(query.is_empty())),
                    "{path}"
                );
            }
        }
    }
    let by_id = app.get("/api/v1/pushes?sort=id&order=asc&size=2").await;
    assert_eq!(ids(&by_id.expect(200)), [1, 2]);
    app.get("/api/v1/pushes?sort=commit_msg")
        .await
        .expect(400)
        .names("sort");
    app.stop().await;
}

async fn what_no_tally_counts_is_counted_up_to_a_bound(on: Backend) {
    let (app, _) = filled(on).await;
    let answer = app.get("/api/v1/pushes?keyword=NEEDLE").await.expect(200);
    let pagination = &answer.data()["pagination"];
    assert_eq!(pagination["total"], 10_000);
    assert_eq!(pagination["capped"], true);
    assert_eq!(pagination["total_pages"], 1000);
    let behind = app.get("/api/v1/pushes?keyword=needle&page=1005").await;
    assert_eq!(behind.expect(200).list().len(), 10);
    let all = app.get("/api/v1/pushes").await.expect(200);
    assert_eq!(all.data()["pagination"]["total"], 10_050);
    assert!(all.data()["pagination"].get("capped").is_none());
    let none = app.get("/api/v1/pushes?keyword=haystack").await.expect(200);
    assert_eq!(none.data()["pagination"]["total"], 0);
    app.stop().await;
}

async fn days_are_those_of_the_time_zone(on: Backend) {
    let app = TestApp::start(on).await;
    let pool = app.server.app().db.write().clone();
    // Around the midnights of Kathmandu (+05:45) that begin and end 10 June 2024, and one now.
    let now = app.server.app().clock.now_us();
    let times = [
        "2024-06-09T18:14:59Z",
        "2024-06-09T18:15:00Z",
        "2024-06-10T18:14:59Z",
        "2024-06-10T18:15:00Z",
    ]
    .map(|time| {
        time.parse::<jiff::Timestamp>()
            .expect("a time")
            .as_microsecond()
    });
    for (id, at) in (1..).zip(times.into_iter().chain([now])) {
        sqlx::query(
            "INSERT INTO pushes (id, event_id, repo_id, target_id, scene, commit_id, commit_msg, state, attempts, run_at, created_at)
             VALUES ($1, 1, 1, 1, 's', 'c', 'm', $2, 1, 0, $3)",
        )
        .bind(id)
        .bind(if id == 2 { "rejected" } else { "delivered" })
        .bind(at)
        .execute(&pool)
        .await
        .expect("a push");
    }
    let stats = async |query: &str| {
        let api: &Api = &app;
        api.get(&format!("/api/v1/pushes/stats?{query}")).await
    };
    let day = "start_date=2024-06-09&end_date=2024-06-11";
    let nepal = stats(&format!("{day}&timezone=Asia/Kathmandu"))
        .await
        .expect(200);
    assert_eq!(
        nepal.data()["trend"],
        serde_json::json!([
            {"date": "2024-06-09", "total": 1, "success": 1, "failed": 0},
            {"date": "2024-06-10", "total": 2, "success": 1, "failed": 1},
            {"date": "2024-06-11", "total": 1, "success": 1, "failed": 0},
        ])
    );
    let utc = stats(day).await.expect(200);
    let totals: Vec<_> = utc.data()["trend"]
        .as_array()
        .expect("days")
        .iter()
        .map(|day| day["total"].as_i64())
        .collect();
    assert_eq!(totals, [Some(2), Some(2), Some(0)]);
    for part in ["today", "this_week", "this_month"] {
        assert_eq!(
            utc.data()[part],
            serde_json::json!({"total": 1, "success": 1, "failed": 0, "rate": 100.0})
        );
    }
    let own = serde_json::json!({ "preferences": { "timezone": "Asia/Kathmandu" } });
    app.put("/api/v1/settings", &own).await.expect(200);
    assert_eq!(
        stats(day).await.expect(200).data()["trend"],
        nepal.data()["trend"]
    );
    let usual = stats("").await.expect(200);
    let trend = usual.data()["trend"].as_array().expect("days");
    assert_eq!(trend.len(), 7);
    assert_eq!(trend[6]["total"], 1);
    for (query, field) in [
        ("timezone=Mars/Olympus", "timezone"),
        ("start_date=2024-06-31", "start_date"),
        ("start_date=2024-06-02&end_date=2024-06-01", "end_date"),
        ("start_date=2020-01-01&end_date=2024-01-01", "366"),
        ("start_date=9999-12-31&end_date=9999-12-31", "9998"),
    ] {
        stats(query).await.expect(400).names(field);
    }
    app.stop().await;
}
