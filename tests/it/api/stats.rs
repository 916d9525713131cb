//! `/api/v1/stats/*`.

use push_notify_tests::{Backend, DingTalk, Robot, TestApp, both};
use serde_json::json;

both!(
    the_overview_counts_everything_there_is,
    usage_is_summed_by_day_week_and_month,
    ranges_that_make_no_sense_are_refused,
);

async fn the_overview_counts_everything_there_is(on: Backend) {
    let robot = DingTalk::start().await;
    let mut app = TestApp::start(on).await;
    let repo = app.repo("backend").await;
    let idle = app.repo("idle").await;
    let inactive = json!({ "status": "inactive" });
    app.put(&format!("/api/v1/repos/{}", idle.id), &inactive)
        .await
        .expect(200);
    app.target(Robot::at(&robot).target("team")).await;
    for id in app.push(&repo, "aaa").await {
        app.push_in_state(id, "delivered").await;
    }
    let overview = app.get("/api/v1/stats/overview").await.expect(200);
    let data = overview.data();
    assert_eq!(data["repos"], json!({ "total": 2, "active": 1 }));
    assert_eq!(data["targets"]["total"], 1);
    assert_eq!(data["users"], 1);
    let figures = json!({ "total": 1, "success": 1, "failed": 0, "pending": 0, "rate": 100.0 });
    assert_eq!(data["pushes"], figures);
    assert_eq!(data["today"], figures);
    assert_eq!(data["ai_calls"]["total"], 0);
    app.stop().await;
}

async fn usage_is_summed_by_day_week_and_month(on: Backend) {
    let robot = DingTalk::start().await;
    let mut app = TestApp::start(on).await;
    let repo = app.repo("backend").await;
    app.target(Robot::at(&robot).target("team")).await;
    for id in app.push(&repo, "aaa").await {
        app.push_in_state(id, "delivered").await;
    }
    for (period, periods) in [("day", 30), ("week", 12), ("month", 12)] {
        let path = format!("/api/v1/stats/usage?period={period}&timezone=Asia/Shanghai");
        let usage = app.get(&path).await.expect(200);
        assert_eq!(usage.list().len(), periods, "{period}");
        let now = usage.list().last().unwrap();
        assert_eq!(now["pushes"]["total"], 1, "{period}: {now}");
        let before: i64 = usage.list()[..periods - 1]
            .iter()
            .filter_map(|sum| sum["pushes"]["total"].as_i64())
            .sum();
        assert_eq!(before, 0, "{period}");
    }
    app.stop().await;
}

async fn ranges_that_make_no_sense_are_refused(on: Backend) {
    let app = TestApp::start(on).await;
    for query in [
        "start_date=2026-02-01&end_date=2026-01-01",
        "start_date=2020-01-01&end_date=2026-01-01",
        "start_date=0001-01-01&end_date=0001-01-02",
        "start_date=x",
        "period=year",
        "timezone=Mars/Olympus",
    ] {
        app.get(&format!("/api/v1/stats/usage?{query}"))
            .await
            .expect(400);
    }
    app.stop().await;
}
