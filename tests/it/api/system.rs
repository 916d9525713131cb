//! `/api/v1/system/health`.

use push_notify_tests::{Answer, Backend, DingTalk, Response, Robot, TestApp, both, until};

both!(
    a_healthy_server_says_so_to_anybody,
    a_database_that_cannot_be_written_is_noticed_and_recovers,
    a_target_that_fails_is_no_problem_of_the_server,
);

async fn a_healthy_server_says_so_to_anybody(on: Backend) {
    let app = TestApp::start(on).await;
    let (_, user) = app.user("somebody", "user").await;
    for stranger in [app.anonymous(), user, app.with_token("not-a-token")] {
        let health = stranger.get("/api/v1/system/health").await;
        let health = health.expect_code(200, 200);
        let fields = health.data().as_object().expect("fields");
        let mut names: Vec<&String> = fields.keys().collect();
        names.sort();
        assert_eq!(names, ["problems", "status", "time", "trouble"]);
        assert_eq!(health.data()["status"], "ok");
    }
    let health = app.get("/api/v1/system/health").await.expect_code(200, 200);
    let data = health.data();
    assert_eq!(data["status"], "ok");
    assert_eq!(data["database"], "ok");
    assert_eq!(data["redis"], "off");
    assert_eq!(data["dropped_log_lines"], 0);
    assert!(
        data["plugins"]
            .as_array()
            .is_some_and(|plugins| plugins.len() >= 3)
    );
    let version = data["version"].as_str().expect("a version").to_owned();
    assert_eq!(data["queue_age_seconds"], 0.0);
    assert_eq!(data["dead_letters"], 0);
    assert_eq!(data["problems"].as_array().map(Vec::len), Some(0));
    for probe in ["/healthz", "/readyz", "/api/v1/doc"] {
        let answer = app.anonymous().get(probe).await.expect(200);
        assert!(!answer.text.contains(&format!("\"{version}\"")), "{probe}");
    }
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn however_often_anybody_asks_the_database_is_asked_now_and_then() {
    let app = TestApp::start(Backend::Sqlite).await;
    let stranger = app.anonymous().unrecorded();
    let asked = (0..50).map(|_| stranger.get("/api/v1/system/health"));
    let answers = futures_util::future::join_all(asked).await;
    let times: std::collections::HashSet<String> = answers
        .iter()
        .map(|health| health.data()["time"].to_string())
        .collect();
    assert!(times.len() < 10, "{times:?}");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_configuration_is_shown_without_its_secrets() {
    let app = TestApp::on(Backend::Sqlite)
        .config(|config| config.redis.url = "redis://:not-real@127.0.0.1:1".to_owned())
        .start()
        .await;
    let config = app.get("/api/v1/system/config").await.expect(200);
    assert_eq!(config.data()["delivery"]["max_attempts"].as_u64(), Some(16));
    assert!(!config.text.contains("not-real@"), "{}", config.text);
    app.anonymous()
        .get("/api/v1/system/config")
        .await
        .expect(401);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_without_its_database_is_down() {
    let app = TestApp::start(Backend::Sqlite).await;
    app.server.app().db.close().await;
    let health = app
        .anonymous()
        .get("/api/v1/system/health")
        .await
        .expect_code(503, 503);
    assert_eq!(health.data()["status"], "down");
    assert_ne!(health.json["message"], "success");
    assert_eq!(codes(&health), ["database_down"]);
    let ready = app.anonymous().get("/readyz").await.expect(503);
    assert_eq!(codes(&ready), ["database_down"]);
    // A restart would not help.
    app.anonymous().get("/healthz").await.expect(200);
    app.stop().await;
}

async fn a_database_that_cannot_be_written_is_noticed_and_recovers(on: Backend) {
    let app = TestApp::start(on).await;
    let db = app.server.app().db.clone();
    let run = async |sql: &'static str| {
        let done = sqlx::query(sql).execute(db.write()).await;
        done.expect("the table is ours");
    };
    run("ALTER TABLE write_checks RENAME TO write_checks_away").await;
    app.server.app().pulse.write_failed();
    let ready = app.anonymous().get("/readyz").await.expect(503);
    assert_eq!(codes(&ready), ["database_not_writable"]);
    assert_eq!(ready.json["message"], "Not ready: nothing can be accepted");
    let health = app.anonymous().get("/api/v1/system/health").await;
    assert_eq!(codes(&health.expect(503)), ["database_not_writable"]);
    // With no webhook to show that it works again.
    run("ALTER TABLE write_checks_away RENAME TO write_checks").await;
    until("the server to be ready", async || {
        let ready = app.anonymous().get("/readyz").await;
        (ready.status == 200).then_some(())
    })
    .await;
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_stops_is_not_ready() {
    let app = TestApp::start(Backend::Sqlite).await;
    app.server.app().pulse.stopping();
    let ready = app.anonymous().get("/readyz").await.expect(503);
    assert_eq!(codes(&ready), ["stopping"]);
    app.anonymous().get("/healthz").await.expect(200);
    app.stop().await;
}

async fn a_target_that_fails_is_no_problem_of_the_server(on: Backend) {
    let mut app = TestApp::on(on)
        .config(|config| config.delivery.max_attempts = 1)
        .start()
        .await;
    let repo = app.repo("backend").await;
    let robot = DingTalk::start().await;
    robot.then(Response::new(503, "closed for lunch"));
    app.target(Robot::at(&robot).target("team")).await;
    let ids = app.push(&repo, "aaa").await;
    app.push_in_state(ids[0], "failed").await;
    let health = app.get("/api/v1/system/health").await.expect(200);
    assert_eq!(health.data()["status"], "ok", "{}", health.text);
    assert_eq!(health.data()["dead_letters"], 1);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pushes_that_nobody_takes_for_too_long_degrade_the_server() {
    let mut app = TestApp::on(Backend::Sqlite)
        .config(|config| config.health.max_queue_age_seconds = 0)
        .start()
        .await;
    let repo = app.repo("backend").await;
    let robot = DingTalk::start().await;
    app.target(Robot::at(&robot).target("team")).await;
    // More than the robot takes in a minute.
    for index in 0..25 {
        app.push(&repo, &format!("commit{index}")).await;
    }
    let health = until("the queue to be late", async || {
        let health = app.get("/api/v1/system/health").await.expect(200);
        (health.data()["status"] == "degraded").then_some(health)
    })
    .await;
    assert_eq!(codes(&health), ["queue_late"]);
    let chinese = app
        .bare(reqwest::Method::GET, "/api/v1/system/health")
        .header("accept-language", "zh-CN");
    let chinese = app.send(chinese).await;
    let message = chinese.data()["problems"][0]["message"].as_str();
    assert!(
        message.is_some_and(|message| message.contains("已等待")),
        "{}",
        chinese.text
    );
    app.anonymous().get("/readyz").await.expect(200);
    app.stop().await;
}

fn codes(answer: &Answer) -> Vec<String> {
    let problems = answer.data()["problems"].as_array().expect("problems");
    let code = |problem: &serde_json::Value| problem["code"].as_str().map(str::to_owned);
    problems.iter().filter_map(code).collect()
}
