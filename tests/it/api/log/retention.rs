use super::rows::{DAY, add_call, add_lines, done, line};
use push_notify::log::{
    retention,
    system::{Level, Line},
};
use push_notify_tests::{Backend, TestApp, both};
use std::time::Duration;

both!(
    rows_go_when_they_are_old_enough,
    a_flood_of_lines_is_cut_to_a_number_of_rows,
);

async fn rows_go_when_they_are_old_enough(on: Backend) {
    let mut app = TestApp::on(on)
        .config(|config| {
            config.log.keep_system_days = 10;
            config.log.keep_operation_days = 20;
            config.log.keep_ai_call_days = 0;
        })
        .start()
        .await;
    let now = app.server.app().clock.now_us();
    // More than one batch.
    let mut lines: Vec<Line> = (0..1200)
        .map(|number| line(Level::Info, "old", now - 11 * DAY - number))
        .collect();
    lines.push(line(Level::Info, "young", now - 9 * DAY));
    add_lines(&app, &lines).await;
    add_call(&app, 1, done(), now - 1000 * DAY).await;
    app.repo("backend").await;
    prune(&app).await;
    assert_eq!(total(&app, "system").await, 1);
    assert_eq!(total(&app, "ai-calls").await, 1, "these are for ever");
    let created = "operations?action=repo.create";
    assert_eq!(total(&app, created).await, 1);

    for (days, left) in [(15, 1), (6, 0)] {
        app.advance(Duration::from_secs(days * 86_400));
        prune(&app).await;
        let (api, _) = app.api.login("admin", &app.admin_password).await;
        app.api = api;
        assert_eq!(total(&app, "system").await, 0);
        assert_eq!(total(&app, created).await, left, "{days} days later");
    }
    app.stop().await;
}

async fn a_flood_of_lines_is_cut_to_a_number_of_rows(on: Backend) {
    let app = TestApp::on(on)
        .config(|config| config.log.keep_system_rows = 100)
        .start()
        .await;
    let now = app.server.app().clock.now_us();
    let lines: Vec<Line> = (0..1000)
        .map(|number| line(Level::Info, "flood", now + number))
        .collect();
    add_lines(&app, &lines).await;
    prune(&app).await;
    let left = total(&app, "system").await;
    assert!((100..=101).contains(&left), "{left}");
    app.stop().await;
}

async fn prune(app: &TestApp) {
    retention::prune(app.server.app())
        .await
        .expect("the database answers");
}

async fn total(app: &TestApp, log: &str) -> i64 {
    let answer = app.get(&format!("/api/v1/logs/{log}")).await.expect(200);
    answer.data()["pagination"]["total"]
        .as_i64()
        .expect("a number")
}
