use super::rows::{DAY, THEN, add_call, add_lines, done, failed, line};
use push_notify::log::system::{Level, Line};
use push_notify_tests::{Backend, TestApp, both};
use serde_json::json;

both!(statistics_count_levels_days_and_errors);

async fn statistics_count_levels_days_and_errors(on: Backend) {
    let app = TestApp::start(on).await;
    let mut lines: Vec<Line> = (0..12)
        .map(|number| line(Level::Error, &format!("error {number}"), THEN))
        .collect();
    lines.extend((0..3).map(|_| line(Level::Error, "cannot reach the model", THEN + DAY)));
    lines.push(line(Level::Debug, "fine", THEN - DAY));
    lines.push(line(Level::Warn, "hm", THEN));
    // 22:00 UTC is the next day in Shanghai.
    let evening = THEN / DAY * DAY + 22 * (DAY / 24);
    lines.push(line(Level::Info, "evening", evening));
    lines.push(line(Level::Info, "not within", THEN + 2 * DAY));
    add_lines(&app, &lines).await;

    let range = "start_date=2026-01-17&end_date=2026-01-20";
    let utc = app
        .get(&format!("/api/v1/logs/stats?{range}"))
        .await
        .expect(200);
    let data = utc.data();
    assert_eq!(
        data["level_distribution"],
        json!({"debug": 1, "info": 1, "warn": 1, "error": 15})
    );
    assert_eq!(
        data["daily_trend"],
        json!([
            {"date": "2026-01-17", "count": 0},
            {"date": "2026-01-18", "count": 1},
            {"date": "2026-01-19", "count": 14},
            {"date": "2026-01-20", "count": 3},
        ])
    );
    let errors = data["top_errors"].as_array().expect("a list");
    assert_eq!(errors.len(), 10);
    assert_eq!(
        errors[0],
        json!({"message": "cannot reach the model", "count": 3})
    );
    assert_eq!(errors[1], json!({"message": "error 0", "count": 1}));

    let shanghai = app
        .get(&format!(
            "/api/v1/logs/stats?type=system&{range}&timezone=Asia/Shanghai"
        ))
        .await
        .expect(200);
    let trend = &shanghai.data()["daily_trend"];
    assert_eq!(trend[2], json!({"date": "2026-01-19", "count": 13}));
    assert_eq!(trend[3], json!({"date": "2026-01-20", "count": 4}));

    add_call(&app, 1, done(), THEN).await;
    add_call(&app, 1, failed("quota"), THEN).await;
    let calls = app
        .get(&format!("/api/v1/logs/stats?type=ai-call&{range}"))
        .await
        .expect(200);
    assert_eq!(
        calls.data()["level_distribution"],
        json!({"debug": 0, "info": 1, "warn": 0, "error": 1})
    );
    assert_eq!(
        calls.data()["top_errors"],
        json!([{"message": "quota", "count": 1}])
    );

    // The first day of 1970 in Shanghai holds the last quarters before 1970: none of them stands
    // for all time.
    let oldest = "start_date=1970-01-01&end_date=1970-01-02&timezone=Asia/Shanghai";
    let oldest = app
        .get(&format!("/api/v1/logs/stats?{oldest}"))
        .await
        .expect(200);
    assert_eq!(
        oldest.data()["daily_trend"],
        json!([{"date": "1970-01-01", "count": 0}, {"date": "1970-01-02", "count": 0}])
    );

    let operations = app
        .get("/api/v1/logs/stats?type=operation")
        .await
        .expect(200);
    let trend = operations.data()["daily_trend"].as_array().expect("a list");
    assert_eq!(trend.len(), 7);
    let levels = &operations.data()["level_distribution"];
    assert_eq!(levels["info"], trend[6]["count"]);
    assert_eq!(levels["error"], 0);
    app.stop().await;
}
